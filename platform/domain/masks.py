"""Masks of personal values: what lists, logs and the audit trail show instead of them."""


def masked_name(name: str) -> str:
    """王* · 张*明 · 欧**国: as lists show a senior."""
    if len(name) <= 1:
        return name
    if len(name) == 2:
        return name[0] + "*"
    return name[0] + "*" * (len(name) - 2) + name[-1]


def masked_phone(phone: str | None) -> str:
    """138****5678 · 0911-****567."""
    if not phone:
        return "—"
    if "-" in phone:
        area, _dash, number = phone.partition("-")
        return f"{area}-****{number[-3:]}"
    return f"{phone[:3]}****{phone[-4:]}" if len(phone) >= 8 else phone


def masked_identity(number: str | None) -> str:
    """First six and last four: 610699********0010."""
    if not number:
        return "—"
    return number[:6] + "*" * (len(number) - 10) + number[-4:]


def hidden(text: str) -> str:
    """That there was something, not what: for addresses and notes in the audit trail."""
    return "***" if text else ""
