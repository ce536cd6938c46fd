"""What readers learn from a definition's text."""

import pytest

from dashboards.definitions import catalogue_texts, read_view, undefined


def test_the_shipped_definitions_can_all_be_read() -> None:
    texts = catalogue_texts()
    assert {"requisition_to_pay", "employee_onboarding", "supplier_onboarding"} <= set(texts)
    for process, text in texts.items():
        view = read_view(process, text)
        assert view.states
        assert view.slas
        assert view.ends


def test_states_keep_their_order_and_a_case_in_two_branches_names_both() -> None:
    view = read_view("requisition_to_pay", catalogue_texts()["requisition_to_pay"])
    assert [state.name for state in view.states][:2] == ["draft", "approval"]
    assert view.state_title("ordered + delivery") == "Ordered, no invoice yet + Waiting for delivery"


def test_an_activity_with_conditions_keeps_its_own_words() -> None:
    view = read_view("requisition_to_pay", catalogue_texts()["requisition_to_pay"])
    assert view.activity_title("purchase_order.issued.v1") == "Order sent"
    assert view.activity_title("goods_receipt.posted.v1") == "Goods receipt posted"


def test_events_belong_to_the_branch_they_move() -> None:
    view = read_view("requisition_to_pay", catalogue_texts()["requisition_to_pay"])
    assert view.activity_branches["purchase_order.issued.v1"] == "main"
    assert view.activity_branches["purchase_order.acknowledged.v1"] == "receiving"


def test_a_log_has_a_view_of_its_own() -> None:
    view = undefined("log.5eed0a11c0de")
    assert view.title == "Log 5eed0a"
    assert not view.defined
    assert view.activity_title("Send Order") == "Send Order"


@pytest.mark.parametrize("text", ["", "[]", "milestones: 3", "just words"])
def test_a_text_that_is_no_definition_is_an_error(text: str) -> None:
    with pytest.raises(ValueError, match="cannot be read"):
        read_view("p", text)
