"""Values of Spark's types as JSON has them."""

from __future__ import annotations

import base64
import math
from datetime import date, datetime
from typing import Any

from pyspark.sql import Row


def json_value(value: Any) -> Any:
    """Numbers, texts, booleans and null as they are, nested ones as objects and arrays, the rest as text.

    Times are ISO 8601 in UTC; a float that is not finite is a text, since JSON has none.
    """
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    if value is None or isinstance(value, (bool, int, float, str)):
        return value
    if isinstance(value, datetime):
        return f"{value.replace(tzinfo=None).isoformat()}Z"
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, (bytes, bytearray)):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, Row):
        return {name: json_value(each) for name, each in value.asDict(recursive=False).items()}
    if isinstance(value, dict):
        return {str(json_value(key)): json_value(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [json_value(each) for each in value]
    return str(value)
