"""How properties are tried: without a look at the clock, because machines are busy."""

from hypothesis import HealthCheck, settings

unhurried = settings(suppress_health_check=[HealthCheck.too_slow])
