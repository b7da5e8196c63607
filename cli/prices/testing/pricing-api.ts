import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";

/** A product that the stand-in sells: tiers are pairs of where one begins and its price a unit. */
export interface Sold {
  readonly service: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly tiers: readonly (readonly [from: number, price: string])[];
}

export interface PricingApi {
  readonly url: string;
  /** Requests as they came. */
  readonly requests: readonly PricingRequest[];
  stop(): Promise<void>;
}

export interface PricingRequest {
  readonly ServiceCode: string;
  readonly Filters?: readonly { readonly Field: string; readonly Value: string }[];
  readonly NextToken?: string;
}

const PAGE = 2;

/** Speaks GetProducts as AWS documents it, on loopback: products as JSON in strings, page by page. */
export async function startPricingApi(sold: readonly Sold[], refusal?: string): Promise<PricingApi> {
  const requests: PricingRequest[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk: Buffer) => (body += chunk.toString()));
    request.on("end", () => {
      const asked = JSON.parse(body) as PricingRequest;
      requests.push(asked);
      response.setHeader("content-type", "application/x-amz-json-1.1");
      if (refusal !== undefined) {
        response.statusCode = 400;
        response.end(JSON.stringify({ __type: "AccessDeniedException", message: refusal }));
        return;
      }
      response.end(JSON.stringify(pageOf(asked, sold)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, requests, stop: () => stopped(server) };
}

function pageOf({ ServiceCode, Filters = [], NextToken }: PricingRequest, sold: readonly Sold[]): object {
  const matching = sold.filter(
    ({ service, attributes }) =>
      service === ServiceCode && Filters.every(({ Field, Value }) => attributes[Field] === Value),
  );
  const from = Number(NextToken ?? 0);
  const next = from + PAGE;
  return {
    FormatVersion: "aws_v1",
    PriceList: matching.slice(from, next).map((each) => JSON.stringify(entryOf(each))),
    ...(next < matching.length ? { NextToken: String(next) } : {}),
  };
}

function entryOf({ service, attributes, tiers }: Sold): object {
  const { productFamily = "", ...others } = attributes;
  const term = "SKU1.JRTCKXETXF";
  return {
    product: { productFamily, attributes: { ...others, servicecode: service }, sku: "SKU1" },
    serviceCode: service,
    terms: {
      OnDemand: {
        [term]: {
          priceDimensions: Object.fromEntries(
            tiers.map(([from, price], index) => [
              `${term}.${index}`,
              {
                unit: "unit",
                beginRange: String(from),
                endRange: String(tiers[index + 1]?.[0] ?? "Inf"),
                description: `${price} per unit`,
                appliesTo: [],
                rateCode: `${term}.${index}`,
                pricePerUnit: { USD: price },
              },
            ]),
          ),
          sku: "SKU1",
          effectiveDate: "2026-11-01T00:00:00Z",
          offerTermCode: "JRTCKXETXF",
          termAttributes: {},
        },
      },
    },
    version: "20261120000000",
    publicationDate: "2026-11-20T00:00:00Z",
  };
}

function stopped(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve, reject) => server.close((error) => (error ? reject(error) : resolve())));
}
