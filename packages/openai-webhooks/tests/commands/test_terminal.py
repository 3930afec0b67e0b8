import argparse
from pathlib import Path

import pytest
from openai_webhooks.cli import main
from openai_webhooks.commands import terminal


def options_of(*arguments: str) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    terminal.add_secret(parser)
    return parser.parse_args(arguments)


def test_secrets_of_no_file_are_left_to_the_environment():
    assert terminal.secrets(options_of()) is None


def test_secrets_of_files_are_without_their_line_breaks(tmp_path: Path):
    (tmp_path / "a").write_text("whsec_a2V5\n")
    assert terminal.secrets(options_of("--secret-file", str(tmp_path / "a"))) == ["whsec_a2V5"]


def test_secret_that_is_given_as_a_file_is_not_told():
    with pytest.raises(ValueError, match="cannot be read: No such file") as caught:
        terminal.secrets(options_of("--secret-file", "whsec_a2V5"))
    assert "a2V5" not in str(caught.value)
    assert caught.value.__cause__ is None


@pytest.mark.parametrize("command", [["sign", "b"], ["verify", "b"], ["deliver", "u", "--type=a"]])
def test_secret_is_no_argument(command: list[str]):
    with pytest.raises(SystemExit) as ended:
        main([*command, "--secret", "whsec_a2V5"])
    assert ended.value.code == 2


def test_lines_for_people_go_to_the_standard_error(capsys: pytest.CaptureFixture[str]):
    terminal.say("result")
    terminal.complain("problem")
    assert capsys.readouterr() == ("result\n", "openai-webhooks: problem\n")
