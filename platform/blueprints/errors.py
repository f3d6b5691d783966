"""What is said when something is refused: the one place where errors become pages."""

from flask import Flask, Response, jsonify, make_response, render_template, request
from flask_wtf.csrf import CSRFError
from sqlalchemy.orm.exc import StaleDataError
from werkzeug.exceptions import HTTPException

from domain.errors import NotFound, Refusal
from extensions.babel import gettext as _


def _titles() -> dict[int, tuple[str, str]]:
    return {
        400: (_("这个请求不完整"), _("请返回上一页再试一次。")),
        401: (_("请先登录"), _("登录后再试一次。")),
        403: (_("您的角色不能做这件事"), _("如果需要，请联系管理员为您开通。")),
        404: (_("没有找到"), _("它可能已经移走，或者不在您的管理范围内。")),
        405: (_("这个地址不能这样用"), _("请从页面上的按钮进入。")),
        409: (_("现在还不能这样做"), ""),
        413: (_("文件太大了"), _("请上传 32 MB 以内的文件。")),
        422: (_("有几处需要改一下"), ""),
        429: (_("操作太快了"), _("请等一分钟再试。")),
        500: (_("系统出了问题"), _("您填写的内容可能没有保存。请稍后再试；如果还不行，请联系管理员。")),
    }


def _page(status: int, sentence: str = "", suggestion: str = "") -> Response:
    title, advice = _titles().get(status, _titles()[500])
    if request.path.startswith("/api/"):
        return make_response(jsonify(status=status, title=title, detail=sentence or advice), status)
    page = render_template(
        "errors/refusal.html", status=status, title=title, sentence=sentence or advice, suggestion=suggestion
    )
    return make_response(page, status)


def _refused(error: Refusal) -> Response:
    sentence = "" if isinstance(error, NotFound) else error.sentence
    return _page(error.status, sentence, error.suggestion or "")


def _http(error: HTTPException) -> Response:
    response = _page(error.code or 500)
    for name, value in error.get_headers():
        if name.lower() in {"allow", "retry-after"}:
            response.headers[name] = value
    return response


def _stale(_error: StaleDataError) -> Response:
    return _page(409, _("别人刚刚改过这条记录。请刷新后再改，避免覆盖对方的内容。"))


def _forged(_error: CSRFError) -> Response:
    return _page(400, _("这个页面开得太久了，请刷新后再提交一次。"))


def init_app(app: Flask) -> None:
    """Attach to an application."""
    app.register_error_handler(Refusal, _refused)
    app.register_error_handler(CSRFError, _forged)
    app.register_error_handler(StaleDataError, _stale)
    app.register_error_handler(HTTPException, _http)
