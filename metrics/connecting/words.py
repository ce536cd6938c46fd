"""The words by which columns and steps are recognised. Names are compared without case, blanks and punctuation."""

from typing import Final

# In order of preference.
CASE: Final = ("caseconceptname", "caseid", "case", "casekey", "casenumber", "caseno", "traceid", "processinstance")
ACTIVITY: Final = (
    "conceptname",
    "activity",
    "activityname",
    "event",
    "eventname",
    "task",
    "taskname",
    "step",
    "action",
)
TIME: Final = (
    "timetimestamp",
    "completetimestamp",
    "completetime",
    "completiontime",
    "endtimestamp",
    "endtime",
    "timestamp",
    "eventtime",
    "eventtimestamp",
    "datetime",
    "time",
    "completed",
    "end",
    "date",
)
START: Final = ("starttimestamp", "starttime", "startedtime", "started", "start", "begin", "begintime")
ACTOR: Final = ("orgresource", "resource", "user", "performer")

MORE_ACTIVITIES: Final = ("eventtype", "stepname", "milestone", "transaction", "statuschange", "vorgang", "schritt")
MORE_ACTORS: Final = (
    "createdby",
    "changedby",
    "approvedby",
    "enteredby",
    "requestedby",
    "updatedby",
    "userid",
    "username",
    "login",
    "approver",
    "requester",
    "requestor",
    "buyer",
    "processor",
    "agent",
    "ernam",
)
ROW_NUMBERS: Final = ("eventid", "messageid", "rowid", "uuid", "guid", "changenumber", "historyid", "logid", "eventno")

# The words of a name that mean an object, longest first where one contains another.
OBJECTS: Final = (
    (("purchase", "requisition"), "requisition"),
    (("purchase", "request"), "requisition"),
    (("purchase", "order"), "purchase_order"),
    (("goods", "receipt"), "goods_receipt"),
    (("cost", "center"), "cost_center"),
    (("cost", "centre"), "cost_center"),
    (("staffing", "request"), "staffing_request"),
    (("job", "posting"), "staffing_request"),
    (("user", "account"), "user_account"),
    (("requisition",), "requisition"),
    (("req",), "requisition"),
    (("pr",), "requisition"),
    (("banfn",), "requisition"),
    (("po",), "purchase_order"),
    (("ebeln",), "purchase_order"),
    (("bestellung",), "purchase_order"),
    (("invoice",), "invoice"),
    (("bill",), "invoice"),
    (("rechnung",), "invoice"),
    (("belnr",), "invoice"),
    (("grn",), "goods_receipt"),
    (("receipt",), "goods_receipt"),
    (("payment",), "payment"),
    (("supplier",), "supplier"),
    (("vendor",), "supplier"),
    (("lifnr",), "supplier"),
    (("lieferant",), "supplier"),
    (("worker",), "worker"),
    (("employee",), "worker"),
    (("personnel",), "worker"),
    (("pernr",), "worker"),
    (("position",), "position"),
    (("assignment",), "assignment"),
    (("timesheet",), "timesheet"),
    (("account",), "user_account"),
    (("contract",), "contract"),
    (("ticket",), "ticket"),
    (("incident",), "ticket"),
    (("kostl",), "cost_center"),
    (("kostenstelle",), "cost_center"),
    (("order",), "purchase_order"),
)
KEY_WORDS: Final = frozenset(("id", "no", "nr", "num", "number", "key", "code", "ref", "reference", "nummer", "doc"))

# The words of a step that mean the last part of an event type.
VERBS: Final = {
    "created": ("create", "created", "creation", "raise", "raised", "open", "opened", "new", "draft", "angelegt"),
    "submitted": ("submit", "submitted", "submission"),
    "approved": ("approve", "approved", "approval", "release", "released", "authorise", "authorize", "freigegeben"),
    "rejected": ("reject", "rejected", "refuse", "refused", "deny", "denied", "decline", "declined", "abgelehnt"),
    "withdrawn": ("withdraw", "withdrawn", "recall", "recalled"),
    "changed": ("change", "changed", "amend", "amended", "update", "updated", "modify", "modified"),
    "issued": ("send", "sent", "issue", "issued", "dispatch", "dispatched", "transmit", "transmitted"),
    "acknowledged": ("confirm", "confirmed", "confirmation", "acknowledge", "acknowledged"),
    "posted": ("post", "posted", "posting", "receive", "received", "receipt", "book", "booked", "delivered"),
    "received": (
        "post",
        "posted",
        "posting",
        "receive",
        "received",
        "receipt",
        "register",
        "registered",
        "record",
        "recorded",
        "scan",
        "scanned",
    ),
    "reversed": ("reverse", "reversed", "reversal"),
    "exception": ("exception", "mismatch", "block", "blocked", "dispute", "disputed"),
    "blocked": ("block", "blocked"),
    "paid": ("pay", "paid", "payment", "clear", "cleared", "clearing", "settle", "settled"),
    "executed": ("execute", "executed", "pay", "paid", "made"),
    "cancelled": ("cancel", "cancelled", "canceled", "cancellation"),
    "voided": ("void", "voided"),
    "closed": ("close", "closed", "complete", "completed"),
    "hired": ("hire", "hired", "hiring"),
    "transferred": ("transfer", "transferred"),
    "terminated": ("terminate", "terminated", "termination", "leave", "left"),
    "requested": ("request", "requested"),
    "activated": ("activate", "activated", "activation"),
    "enabled": ("enable", "enabled"),
    "disabled": ("disable", "disabled"),
    "deleted": ("delete", "deleted"),
    "started": ("start", "started", "begin", "began"),
    "ended": ("end", "ended", "finish", "finished"),
    "filled": ("fill", "filled"),
    "signed": ("sign", "signed"),
    "assigned": ("assign", "assigned"),
    "resolved": ("resolve", "resolved"),
    "info_requested": ("question", "clarification"),
}

MONEY: Final = frozenset(
    ("amount", "price", "value", "total", "cost", "net", "gross", "spend", "fee", "paid", "betrag", "wert", "netwr")
)
NO_MONEY: Final = frozenset(("quantity", "qty", "count", "hours", "rate", "percent", "line", "days", "menge", "number"))
CURRENCY: Final = frozenset(("currency", "curr", "ccy", "waers", "cur"))
DIMENSIONS: Final = frozenset(("facility", "department"))
"""Objects that every event rather has as an attribute: pages filter by them."""
FREE_TEXT: Final = frozenset(
    ("comment", "comments", "note", "notes", "description", "text", "remark", "remarks", "reason", "subject", "memo")
)
PERSON: Final = frozenset(
    ("email", "mail", "phone", "mobile", "ssn", "iban", "birth", "birthday", "dob", "address", "salary", "passport")
)
NAMED: Final = frozenset(
    ("first", "last", "full", "employee", "worker", "person", "contact", "requester", "approver", "manager", "user")
)
CURRENCIES: Final = (
    "AED", "AUD", "BRL", "CAD", "CHF", "CNY", "CZK", "DKK", "EUR", "GBP", "HKD", "HUF", "ILS", "INR", "JPY", "KRW",
    "MXN", "NOK", "NZD", "PLN", "RON", "SEK", "SGD", "THB", "TRY", "USD", "ZAR",
)  # fmt: skip
SYMBOLS: Final = {"$": "USD", "€": "EUR", "£": "GBP", "¥": "JPY"}
