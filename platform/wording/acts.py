"""What the acts of the audit trail are called. A whole-site test finds every act that is written down in the code."""

from extensions.babel import lazy as _l

READS = frozenset({"senior.show", "senior.reveal", "senior.export", "roster.export", "visit.show"})
"""Acts that only look at personal data."""

ACTS: dict[str, str] = {
    "alert.close": _l("办结预警"),
    "alert.take": _l("接手预警"),
    "canteen.close": _l("登记餐厅停业"),
    "canteen.create": _l("登记餐厅"),
    "canteen.reopen": _l("餐厅恢复营业"),
    "canteen.update": _l("修改餐厅"),
    "centre.add_staff": _l("添加站点人员"),
    "centre.create": _l("登记站点"),
    "centre.remove_staff": _l("移除站点人员"),
    "centre.update": _l("修改站点"),
    "dish.create": _l("添加菜品"),
    "dish.edit": _l("修改菜品"),
    "division.create": _l("登记区划"),
    "division.load": _l("导入区划"),
    "division.update": _l("修改区划"),
    "helper.cancel_leave": _l("取消助老员请假"),
    "helper.create": _l("登记助老员"),
    "helper.take_leave": _l("登记助老员请假"),
    "helper.update": _l("修改助老员"),
    "menu.copy": _l("复制菜单"),
    "menu.edit": _l("修改菜单"),
    "menu.publish": _l("公布菜单"),
    "message.close_breaker": _l("恢复短信发送"),
    "message.handle": _l("处理来信"),
    "message.opt_in": _l("恢复接收短信"),
    "message.opt_out": _l("停止接收短信"),
    "message.resend": _l("重发短信"),
    "rule.end": _l("结束规则"),
    "rule.set": _l("设定规则"),
    "rule.withdraw": _l("撤回规则"),
    "senior.confirm_death": _l("确认去世"),
    "senior.consent": _l("登记同意"),
    "senior.edit": _l("修改老人"),
    "senior.end_stay": _l("结束临时居住"),
    "senior.export": _l("导出老人名单"),
    "senior.merge": _l("合并老人记录"),
    "senior.note": _l("写备注"),
    "senior.register": _l("登记老人"),
    "senior.report_death": _l("报告去世"),
    "senior.reveal": _l("查看完整号码"),
    "senior.show": _l("查看老人资料"),
    "senior.status": _l("更改服务状态"),
    "senior.stay": _l("登记临时居住"),
    "senior.unmerge": _l("撤销合并"),
    "senior.withdraw_consent": _l("撤回同意"),
    "senior.withdraw_death": _l("撤回去世报告"),
    "service.close": _l("订餐截止"),
    "user.activate": _l("恢复用户"),
    "user.change_password": _l("修改密码"),
    "user.create": _l("新建用户"),
    "user.deactivate": _l("停用用户"),
    "user.edit": _l("修改用户"),
    "user.grant": _l("给用户授权"),
    "user.reset_password": _l("重设密码"),
    "user.sign_out_everywhere": _l("在所有设备上退出"),
    "user.take_back": _l("收回授权"),
    "visit.report": _l("上报探访"),
}


def act_word(act: str) -> str:
    """The word of an act; its code where nobody gave it one."""
    return str(ACTS.get(act, act))
