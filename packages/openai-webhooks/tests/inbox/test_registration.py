"""Each type of event stands for its model, as the description of the API says."""

import ast
import inspect
from typing import Any, get_args

from openai_types import webhooks
from openai_types.webhooks import UnknownUnwrapWebhookEvent, UnwrapWebhookEvent
from openai_webhooks.inbox import Inbox, registration


def described() -> dict[str, str]:
    union: Any = UnwrapWebhookEvent
    members = get_args(get_args(union)[0])
    return {
        get_args(member.model_fields["type"].annotation)[0]: member.__name__
        for member in members
        if member is not UnknownUnwrapWebhookEvent
    }


def written() -> dict[str, str]:
    """The literal and the model of each overload."""
    found: dict[str, str] = {}
    for node in ast.walk(ast.parse(inspect.getsource(registration))):
        if not isinstance(node, ast.FunctionDef) or not node.args.posonlyargs[1:]:
            continue
        literal, model = ast.unparse(node.args.posonlyargs[1].annotation or node), node.returns
        assert model is not None
        name = ast.unparse(model).removeprefix("Decorator[webhooks.").removesuffix(", T]")
        found[ast.literal_eval(literal.removeprefix("Literal[").removesuffix("]"))] = name
    return found


def test_every_event_of_the_description_has_its_overload():
    assert written() == described()
    assert all(hasattr(webhooks, name) for name in written().values())


def test_type_checkers_refuse_a_handler_of_another_event(sqlite_url: str):
    inbox = Inbox(sqlite_url)

    # That the comment is needed is what pyright checks.
    @inbox.on("response.completed")  # pyright: ignore[reportArgumentType]
    def wrong(_event: webhooks.BatchFailedWebhookEvent) -> None:
        """Do nothing."""

    assert callable(wrong)


def test_decorator_gives_the_function_back(sqlite_url: str):
    inbox = Inbox(sqlite_url)

    def handler(event: Any) -> None:
        """Do nothing."""

    assert inbox.on("a.new.type", "another", name="some")(handler) is handler
    assert inbox.on(name="all")(handler) is handler

    def booked(event: Any, connection: Any) -> None:
        """Do nothing."""

    assert inbox.on_in_transaction("a.new.type", name="booked")(booked) is booked
