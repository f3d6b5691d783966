"""What a form says of wrong input by itself."""

import pytest
from werkzeug.datastructures import MultiDict
from wtforms import DateField, FieldList, FloatField, FormField, IntegerField, SelectField, StringField
from wtforms.validators import DataRequired, Length

from blueprints.sentences import HouseForm, RowForm


class Row(RowForm):
    born_on = DateField()
    name = StringField(validators=[Length(max=3)])


class Every(HouseForm):
    name = StringField(validators=[DataRequired()])
    beds = IntegerField()
    height = FloatField()
    kind = SelectField(choices=["a"])
    rows = FieldList(FormField(Row))


WRONG = {"beds": "几张", "height": "高", "kind": "b", "rows-0-born_on": "2026-02-30", "rows-0-name": "四个字呢"}


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("zh_Hans", ["请填写这一项。", "请填整数，如 3。", "请填数字，如 36.5。", "请从列表里选一项。"]),
        ("en", ["Please fill this in.", "Enter a whole number, such as 3.", "Enter a number, such as 36.5.",
                "Choose one from the list."]),
    ],
)  # fmt: skip
def test_wrong_input_is_answered_in_the_words_of_the_house_in_rows_too(app, language, said):
    with app.test_request_context(
        "/", method="POST", data=MultiDict(WRONG), headers={"Cookie": f"language={language}"}
    ):
        form = Every(meta={"csrf": False})
        assert not form.validate()
        assert [form[name].errors[0] for name in ("name", "beds", "height", "kind")] == said
        row = form.rows.entries[0].form
        assert "2026-11-24" in row.born_on.errors[0]
        assert row.name.errors[0] in {"最多 3 个字。", "At most 3 characters."}
