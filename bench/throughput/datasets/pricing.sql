select l_returnflag, l_linestatus,
  cast(sum(l_quantity) as double) as sum_qty,
  cast(sum(l_extendedprice) as double) as sum_price,
  cast(sum(l_extendedprice * (1 - l_discount) * (1 + l_tax)) as double) as sum_charge,
  count(*) as lines
from lines
group by l_returnflag, l_linestatus
