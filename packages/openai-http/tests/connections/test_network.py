import ssl
from typing import Any

import pytest
from openai_http import OpenAI, OpenAIError
from openai_http.connections.network import Network

CONTEXT = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"proxy": "ftp://user:hidden@h"}, "The proxy in the argument proxy is not the URL of one"),
        ({"proxy": "http://user:hidden@h:x"}, "not the URL of one"),
        ({"proxy": 9}, "not the URL of one"),
        ({"verify": False, "ca": "ca.pem"}, "leave out ca, or verify"),
        ({"verify": CONTEXT, "ca": "ca.pem"}, "load ca and cert into it"),
        ({"verify": CONTEXT, "cert": "c.pem"}, "load ca and cert into it"),
        ({"verify": None}, r"verify is of type NoneType\. Pass False to accept every server"),
        ({"verify": "ca.pem"}, "or ca=file for the certificates to trust"),
        ({"ca": ["hidden.pem"]}, r"ca is of type list\. Pass the path of a file"),
        ({"cert": ["c.pem", "k.pem", "hidden"]}, "cert is of type list"),
        ({"cert": ()}, "cert is of type tuple"),
        ({"cert": (9, "k.pem", "hidden")}, "cert is of type tuple"),
        ({"limits": 9}, r"limits is of type int\. Pass a Limits"),
    ],
)
def test_setting_that_cannot_work_is_refused(wrong: dict[str, Any], message: str):
    with pytest.raises(OpenAIError, match=message) as caught:
        OpenAI(api_key="sk-1", **wrong)
    assert "hidden" not in str(caught.value)


def test_proxy_gets_a_scheme_and_is_not_shown():
    network = Network(proxy="user:hidden@proxy:3128")
    assert network.proxy == "http://user:hidden@proxy:3128"
    assert "hidden" not in repr(network)
    assert Network(proxy=None).proxy is None
