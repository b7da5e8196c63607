select
  flights.time_hour,
  flights.origin,
  count(*) as flights,
  count(flights.dep_delay) as departed,
  avg(flights.dep_delay) as mean_delay,
  max(flights.dep_delay) as worst_delay,
  max(weather.wind_speed) as wind_speed,
  max(weather.precip) as precip,
  max(weather.visib) as visib
from flights
left join weather
  on weather.origin = flights.origin
  and weather.time_hour = flights.time_hour
group by flights.time_hour, flights.origin
