import { onTestFinished } from "vitest";
import { namedAccounts, usdcDomain } from "../../chain/index.ts";
import type { PaidWork } from "../exchange.ts";
import { type RunningSeller, type StartSellerOptions, startSeller } from "../seller.ts";
import { challengeOf, paymentHeader, signedPayment } from "./buyer.ts";
import { type RawAnswer, send } from "./http.ts";
import { type Script, scriptedFacilitator } from "./scripted-facilitator.ts";

/** Where the money of all tests goes. */
export const terms = {
  payTo: namedAccounts.seller.address,
  network: "eip155:84532",
  asset: "0x036CbD53842c5426634e7929541eC2318f3dCF7e",
  domain: usdcDomain,
} as const;

type Request = Parameters<typeof send>[2];

/** A reference seller before a scripted facilitator, with a witness of paid work; it closes with the test. */
export async function openShop(
  scripts: { verify?: Script[]; settle?: Script[] } = {},
  options: Partial<StartSellerOptions> = {},
) {
  const facilitator = await scriptedFacilitator(scripts);
  const work: PaidWork[] = [];
  const seller: RunningSeller = await startSeller({
    ...terms,
    facilitatorUrl: facilitator.url,
    onWork: (done) => void work.push(done),
    ...options,
  });
  const ask = (path: string, request?: Request): Promise<RawAnswer> => send(seller.url, path, request);
  const sign = async (path: string, request?: Request) =>
    signedPayment(challengeOf(await ask(path, request)), namedAccounts.payer.privateKey);
  const pay = (path: string, payment: unknown, request: Request = {}) =>
    ask(path, { ...request, headers: { ...request.headers, ...paymentHeader(payment) } });
  const stop = async () => {
    await seller.stop();
    await facilitator.stop();
  };
  onTestFinished(stop);
  return {
    url: seller.url,
    facilitator,
    work,
    ask,
    sign,
    pay,
    stop,
  };
}

export type Shop = Awaited<ReturnType<typeof openShop>>;
