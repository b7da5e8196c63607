import { GetProductsCommand, PricingClient } from "@aws-sdk/client-pricing";
import { InputError } from "../../declarations/faults";
import { answerOf, parseProduct, type Answer, type Product } from "./answers";
import type { PriceQuery } from "./queries";

export interface AskArgs {
  readonly region: string;
  readonly currency: string;
  /** Only for what speaks the pricing API's language elsewhere. */
  readonly endpoint?: string;
}

/** The API answers for all regions, and is there in few of them. Source: AWS Price List API, endpoints. */
const API_REGION = "us-east-1";

/**
 * Asks AWS's pricing API, page by page; each list of products is read once, however many prices are in it.
 *
 * @returns a function that answers queries; it throws InputError when AWS cannot be asked at all.
 */
export function askAws({ region, currency, endpoint }: AskArgs): (query: PriceQuery) => Promise<Answer> {
  const client = new PricingClient({ region: API_REGION, ...(endpoint === undefined ? {} : { endpoint }) });
  const lists = new Map<string, Promise<readonly Product[]>>();
  return async (query) => {
    const filters = { regionCode: region, ...query.attributes };
    const key = JSON.stringify([query.service, filters]);
    const list = lists.get(key) ?? productsOf(client, query.service, filters);
    lists.set(key, list);
    return answerOf(query, await list, currency);
  };
}

async function productsOf(
  client: PricingClient,
  service: string,
  filters: Readonly<Record<string, string>>,
): Promise<Product[]> {
  const products: Product[] = [];
  let token: string | undefined;
  try {
    do {
      const page = await client.send(
        new GetProductsCommand({
          ServiceCode: service,
          Filters: Object.entries(filters).map(([Field, Value]) => ({ Type: "TERM_MATCH", Field, Value })),
          FormatVersion: "aws_v1",
          NextToken: token,
        }),
      );
      const entries = (page.PriceList ?? []) as readonly unknown[];
      products.push(...entries.map((entry) => parseProduct(String(entry))));
      token = page.NextToken;
    } while (token !== undefined && token !== "");
  } catch (error) {
    const message = "cannot be asked for prices";
    const found = error instanceof Error ? error.message : String(error);
    const allowed = "credentials with pricing:GetProducts, and a way to the pricing API";
    throw new InputError([{ where: `AWS pricing API (${service})`, message, found, allowed }]);
  }
  return products;
}
