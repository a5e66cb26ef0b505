import type { Address } from "viem";
import { z } from "zod";
import type { FaultOrder } from "../faults/index.ts";
import { Problem } from "../problem.ts";
import { addressSchema, hexSchema, networkSchema } from "../protocol/index.ts";

const account = z.object({ address: addressSchema, privateKey: hexSchema });

/** What the sandbox tells of itself, without its URLs: those are the ones inside of the container. */
const identity = z.object({
  chainId: z.int(),
  network: networkSchema,
  asset: addressSchema,
  accounts: z.object({ payer: account, seller: account, facilitator: account }),
});
export type SandboxIdentity = z.output<typeof identity>;

const faultStatus = z.object({ id: z.int(), name: z.string(), reached: z.int(), on: z.boolean() });

/** A fault that was switched on: how many calls it bit, and whether it still does. */
export type FaultStatus = Readonly<z.output<typeof faultStatus>>;

const atomic = z.string().regex(/^\d+$/).transform(BigInt);

/**
 * The admin API of a sandbox that may be of another version.
 *
 * @throws Problem `usage` with the sandbox's own words when it refuses an order, `sandbox-unreachable`
 */
export function adminApi(url: () => string) {
  const get = <T>(path: string, schema: z.ZodType<T>) => ask(url(), "GET", path, schema);
  const post = <T>(path: string, body: unknown, schema: z.ZodType<T>) =>
    ask(url(), "POST", path, schema, body);
  const remove = (path: string) => ask(url(), "DELETE", path, z.unknown()).then(() => undefined);
  const clock = z.object({ now: atomic });
  return {
    identity: () => get("/", identity),
    fund: async (address: Address, amount: bigint) => {
      const { balance } = await post(
        "/faucet",
        { address, amount: String(amount) },
        z.object({ balance: atomic }),
      );
      return balance;
    },
    time: async () => (await get("/clock", clock)).now,
    advanceTime: async (advanceSeconds: number) => (await post("/clock", { advanceSeconds }, clock)).now,
    addFault: (order: FaultOrder) => post("/faults", order, faultStatus),
    faults: async () => (await get("/faults", z.object({ active: z.array(faultStatus) }))).active,
    removeFault: (id: number) => remove(`/faults/${id}`),
    clearFaults: () => remove("/faults"),
  };
}

async function ask<T>(
  url: string,
  method: string,
  path: string,
  schema: z.ZodType<T>,
  body?: unknown,
): Promise<T> {
  const json = { headers: { "content-type": "application/json" }, body: JSON.stringify(body) };
  const response = await fetch(url + path, { method, ...(body === undefined ? {} : json) }).catch((cause) => {
    throw new Problem("sandbox-unreachable", `The sandbox at ${url} does not answer.`, "", { cause });
  });
  const text = await response.text();
  if (!response.ok) throw new Problem("usage", `The sandbox refused ${method} ${path}: ${text}`);
  return schema.parse(text === "" ? undefined : JSON.parse(text));
}
