"""Where locks are kept: one item a lock, changed only by conditional writes."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Callable, Optional, Protocol

from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession

from basin_jobs.aws import aws_client, is_error

# LOCK and OWNER are reserved words of DynamoDB's expressions.
_FREE, _BEAT = "attribute_not_exists(#lock)", "#owner = :owner and beat = :beat"


@dataclass(frozen=True)
class Holder:
    """An item: the lock's name, the run that holds it, what that does, since when, its last sign of life, its lease."""

    lock: str
    owner: str
    doing: str
    since: str
    beat: str
    lease: str


class Items(Protocol):
    """A table of locks. Each write takes effect only if the item still is what the writer last saw."""

    def read(self, lock: str) -> Optional[Holder]:
        """The holder as of now, not as of a moment ago."""

    def put(self, holder: Holder, instead_of: Optional[Holder]) -> bool:
        """Writes an item where there is none, or in place of just the one that was seen; False where that failed."""

    def remove(self, holder: Holder) -> None:
        """Removes an item if its owner still is this one."""


class DynamoItems:
    """Items in DynamoDB, through the SDK that is in Spark's Java already: the log store there needs the same one."""

    def __init__(self, spark: SparkSession, table: str) -> None:
        self._jvm: Any = spark._jvm
        self._table = table
        self._client = aws_client(spark, "dynamodbv2.AmazonDynamoDB")

    def read(self, lock: str) -> Optional[Holder]:
        """See Items."""
        request = self._request("GetItem")
        request.setKey(self._attributes({"lock": lock}))
        request.setConsistentRead(True)
        item = self._client.getItem(request).getItem()
        return None if item is None else Holder(**{name: value.getS() for name, value in dict(item).items()})

    def put(self, holder: Holder, instead_of: Optional[Holder]) -> bool:
        """See Items."""
        request = self._request("PutItem")
        request.setItem(self._attributes(asdict(holder)))
        if instead_of is None:
            request.setConditionExpression(_FREE)
            request.setExpressionAttributeNames(self._map({"#lock": "lock"}))
        else:
            request.setConditionExpression(_BEAT)
            request.setExpressionAttributeNames(self._map({"#owner": "owner"}))
            request.setExpressionAttributeValues(
                self._attributes({":owner": instead_of.owner, ":beat": instead_of.beat})
            )
        return _if_so(lambda: self._client.putItem(request))

    def remove(self, holder: Holder) -> None:
        """See Items."""
        request = self._request("DeleteItem")
        request.setKey(self._attributes({"lock": holder.lock}))
        request.setConditionExpression("#owner = :owner")
        request.setExpressionAttributeNames(self._map({"#owner": "owner"}))
        request.setExpressionAttributeValues(self._attributes({":owner": holder.owner}))
        _if_so(lambda: self._client.deleteItem(request))

    def _request(self, kind: str) -> Any:
        request = getattr(self._jvm.com.amazonaws.services.dynamodbv2.model, f"{kind}Request")()
        request.setTableName(self._table)
        return request

    def _attributes(self, values: dict[str, str]) -> Any:
        attribute = self._jvm.com.amazonaws.services.dynamodbv2.model.AttributeValue
        return self._map({name: attribute(value) for name, value in values.items()})

    def _map(self, values: dict[str, Any]) -> Any:
        result = self._jvm.java.util.HashMap()
        for name, value in values.items():
            result.put(name, value)
        return result


def _if_so(write: Callable[[], Any]) -> bool:
    """Whether the write's condition held."""
    try:
        write()
    except Py4JJavaError as error:
        if is_error(error, "ConditionalCheckFailedException"):
            return False
        raise
    return True
