"""From a batch's files to typed records: one frame, whatever the format.

A reader's frame has RAW, FILE, ARRIVAL, FAULT and UNDECLARED of `basin_jobs.rows.records`, and for every declared
column its typed value under its own name, and under `found(name)` the text that it was read from.
"""
