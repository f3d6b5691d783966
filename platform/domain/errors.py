"""What the platform says no with: each error carries one sentence for the person who asked."""


class Refusal(Exception):
    """Something a rule forbids. `sentence` is shown as it is, already in the reader's language.

    `field` names the form field the sentence belongs beside, if there is one;
    `suggestion` says the nearest thing that is possible.
    """

    status = 409

    def __init__(self, sentence: str, *, field: str | None = None, suggestion: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field
        self.suggestion = suggestion


class NotFound(Refusal):
    """There is no such thing, or not for this person: the two are not told apart."""

    status = 404


class Forbidden(Refusal):
    """The person's role does not allow this kind of act at all."""

    status = 403


class Stale(Refusal):
    """Somebody else changed the thing since the form was opened.

    `version` is what it has now; `theirs` maps a form's field to the value the other person left there.
    """

    def __init__(self, sentence: str, *, version: int = 0, theirs: dict[str, str] | None = None) -> None:
        super().__init__(sentence)
        self.version = version
        self.theirs = theirs or {}
