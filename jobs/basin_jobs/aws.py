"""AWS's services through the SDK that is in Spark's Java already, where Delta's log store needs it: none is shipped."""

from __future__ import annotations

from typing import Any

from py4j.protocol import Py4JJavaError
from pyspark.sql import SparkSession

ENDPOINT = "spark.basin.aws.endpoint"
"""Where services are found if not at the region's own endpoints; the S3 connector's region and keys go with it."""

_REGION = "spark.basin.region"
_OF_S3 = ("endpoint.region", "access.key", "secret.key")


def aws_client(spark: SparkSession, interface: str) -> Any:
    """A client of the SDK's version 1.

    Args:
        spark: the session, in whose settings the region is, or the endpoint.
        interface: of the service below `com.amazonaws.services`, as `glue.AWSGlue`.
    """
    aws: Any = spark._jvm.com.amazonaws  # type: ignore[union-attr]
    package, _, name = interface.rpartition(".")
    builder = getattr(getattr(aws.services, package), f"{name}ClientBuilder").standard()
    endpoint, region = (spark.conf.get(key, None) for key in (ENDPOINT, _REGION))
    if endpoint:
        local, *keys = (spark.conf.get(f"spark.hadoop.fs.s3a.{each}") for each in _OF_S3)
        place = getattr(aws.client.builder, "AwsClientBuilder$EndpointConfiguration")(endpoint, local)
        builder.setEndpointConfiguration(place)
        builder.setCredentials(aws.auth.AWSStaticCredentialsProvider(aws.auth.BasicAWSCredentials(*keys)))
    elif region:
        builder.setRegion(region)
        if name == "AmazonS3":  # a replica's bucket is elsewhere
            builder.enableForceGlobalBucketAccess()
    return builder.build()


def is_error(error: Py4JJavaError, name: str) -> bool:
    """Whether a service answered with this error."""
    return bool(error.java_exception.getClass().getSimpleName() == name)
