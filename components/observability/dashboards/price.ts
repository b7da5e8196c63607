import { referencePrices } from "../../../capacity/prices";
import type { Environment } from "../../environment";

const VCPUS_OF_XLARGE = 4;
const SECONDS_AN_HOUR = 3_600;
const DIGITS = 3;

/**
 * USD for a second of one vCPU on EMR: the mean of the families that the settings allow, part of it on Spot. Turns a
 * dataset's vCPU time into money on its dashboard; the bill of `basin plan` is the exact one.
 */
export function vcpuSecondPrice({ settings }: Pick<Environment, "settings">): number {
  const { families, spotShare, spotDiscount } = settings.spark;
  const { xlargeHour, items } = referencePrices(settings.region);
  const hours = Object.entries(xlargeHour)
    .filter(([family]) => families === undefined || families.includes(family))
    .map(([, price]) => price);
  const mean = hours.reduce((sum, price) => sum + price, 0) / Math.max(1, hours.length);
  const hour = mean * (1 - spotShare * spotDiscount + (items["emr-uplift"]?.value ?? 0));
  return Number((hour / VCPUS_OF_XLARGE / SECONDS_AN_HOUR).toPrecision(DIGITS));
}
