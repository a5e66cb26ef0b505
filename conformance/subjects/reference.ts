import { request } from "undici";
import {
  type PaidWork,
  type ProtocolId,
  type Route,
  referenceExtensions,
  type SandboxDescription,
  type SellerExtension,
  type SellerSteps,
  startSeller,
  usdcDomain,
  v1NetworkName,
} from "#sandbox";
import type { SellerRequests } from "../engine/seller/index.ts";
import { startControl } from "./control.ts";
import { type Front, startFront } from "./front.ts";
import type { Subject } from "./subject.ts";

/** What the reference seller's routes look like to a case, in every version. */
const referenceRequests: SellerRequests = {
  paid: { method: "GET", target: "/weather?city=Berlin" },
  invalid: { method: "GET", target: "/weather" },
  free: { method: "GET", target: "/free" },
  failing: ["true", "missing", "throws"].map((how) => ({ method: "GET", target: `/flaky?fail=${how}` })),
  alsoPaid: { method: "GET", target: "/premium" },
  identified: { method: "GET", target: "/ticket" },
  streaming: { method: "GET", target: "/forecast?city=Berlin" },
};

/** With the routes that only v2 can pay. */
const referenceRequestsV2: SellerRequests = {
  ...referenceRequests,
  failing: [
    ...(referenceRequests.failing ?? []),
    { method: "GET", target: "/almanac?city=Berlin&fail=true" },
    { method: "GET", target: "/summary?words=120&fail=true" },
  ],
  permit2: { method: "GET", target: "/almanac?city=Berlin" },
  upto: ["/summary?words=120", "/summary?words=0"].map((target) => ({ method: "GET", target })),
};

const newest: readonly ProtocolId[] = ["x402@2"];

/** In what a seller differs from the reference; nothing of it is given for the reference itself. */
export interface ReferenceVariation {
  readonly steps?: SellerSteps;
  readonly routes?: readonly Route[];
  /** Makes another set of the reference's extensions. */
  readonly extensions?: (own: readonly SellerExtension[]) => readonly SellerExtension[];
  /** The versions that it speaks, where v1 has a name for the network; `x402@2` alone without them. */
  readonly protocols?: readonly ProtocolId[];
  readonly front?: Front;
  /** Where it listens; on a free port without it. */
  readonly port?: number;
}

/**
 * The reference seller in this process, on a port of its own; with a variation, a mutant of it.
 *
 * @throws Problem `port-in-use`
 */
export async function startReference(
  sandbox: SandboxDescription,
  name = "reference seller",
  { front, extensions = (own) => own, protocols = newest, port = 0, ...variation }: ReferenceVariation = {},
): Promise<Subject> {
  const { facilitatorUrl, network, asset, accounts, adminUrl } = sandbox;
  const options = {
    facilitatorUrl,
    payTo: accounts.seller.address,
    network,
    asset,
    domain: usdcDomain,
    onWork: (work: PaidWork) => reportWork(adminUrl, work),
    protocols: v1NetworkName(network) === undefined ? newest : protocols,
    ...variation,
  };
  const startAt = (chosen: number) =>
    startSeller({
      ...options,
      extensions: extensions(referenceExtensions(accounts.seller.privateKey)),
      port: chosen,
    });
  let seller = await startAt(port);
  const { url } = seller;
  const control = await startControl(async () => {
    await seller.stop();
    seller = await startAt(Number(new URL(url).port));
  });
  const before = front === undefined ? undefined : await startFront(url, front);
  return {
    setup: {
      name,
      origin: before?.url ?? url,
      requests: options.protocols.includes("x402@2") ? referenceRequestsV2 : referenceRequests,
      restartUrl: control.restartUrl,
    },
    async stop() {
      await before?.stop();
      await control.stop();
      await seller.stop();
    },
  };
}

async function reportWork(adminUrl: string, work: PaidWork): Promise<void> {
  const headers = { "content-type": "application/json" };
  const { body } = await request(`${adminUrl}/work`, { method: "POST", headers, body: JSON.stringify(work) });
  await body.dump();
}
