"""An assistant that is read while it works, by hooks for what happens."""

from openai_suite import AssistantEventHandler, OpenAI
from openai_suite.types.beta.threads import Text, TextDelta
from openai_suite.types.beta.threads.runs import ToolCall


class Printer(AssistantEventHandler):
    def on_text_delta(self, delta: TextDelta, snapshot: Text) -> None:
        del snapshot  # the text so far
        print(delta.value or "", end="", flush=True)

    def on_tool_call_done(self, tool_call: ToolCall) -> None:
        print(f"[{tool_call.type}]")


with OpenAI() as client:
    assistant = client.beta.assistants.create(model="gpt-5.5", tools=[{"type": "code_interpreter"}])
    with client.beta.threads.create_and_run_stream(
        assistant_id=assistant.id,
        thread={"messages": [{"role": "user", "content": "What is 17 times 23?"}]},
        event_handler=Printer(),
    ) as stream:
        run = stream.get_final_run()
    print(f"\n{run.status}: {run.usage}")
