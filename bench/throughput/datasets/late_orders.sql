with orders as (
  select l_orderkey, sum(l_extendedprice) as total from lines group by l_orderkey
)
select orders.l_orderkey, cast(max(orders.total) as double) as total, cast(sum(lines.l_extendedprice) as double) as late
from lines join orders on lines.l_orderkey = orders.l_orderkey
where lines.l_receiptdate > lines.l_commitdate
group by orders.l_orderkey
