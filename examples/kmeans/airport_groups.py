"""k-means by Spark ML over places on the globe; its rounds read the points from memory."""

from math import atan2, degrees, hypot

from basin_jobs.iterate import kept
from pyspark.ml.clustering import KMeans
from pyspark.ml.feature import VectorAssembler
from pyspark.sql import functions as F

GROUPS = 8
SEED = 1


def transform(spark, inputs):
    # On the sphere and not by degrees: Alaska's islands lie on both sides of the date line.
    lat, lon = F.radians("lat"), F.radians("lon")
    axes = {"x": F.cos(lat) * F.cos(lon), "y": F.cos(lat) * F.sin(lon), "z": F.sin(lat)}
    located = inputs["airports"].where("lat is not null and lon is not null").withColumns(axes)
    places = VectorAssembler(inputCols=[*axes], outputCol="place").transform(located).select("faa", "place")
    groups = KMeans(k=GROUPS, seed=SEED, featuresCol="place", predictionCol="airport_group", maxIter=100)
    with kept(places) as points:
        model = groups.fit(points)
    rows = [(number, *on_the_globe(*map(float, centre))) for number, centre in enumerate(model.clusterCenters())]
    centres = spark.createDataFrame(rows, "airport_group int, centre_lat double, centre_lon double")
    return model.transform(places).join(F.broadcast(centres), "airport_group").drop("place")


def on_the_globe(x, y, z):
    """Degrees north and east of the point of the globe above a point in it."""
    return degrees(atan2(z, hypot(x, y))), degrees(atan2(y, x))
