import type { LedgerPoint } from "#sandbox";
import type { PermitScheme } from "../../oracles/permit2.ts";
import type { ProtocolId } from "../../requirements/index.ts";
import type { Evidence } from "../evidence.ts";
import { type Ground, openGround } from "../ground.ts";
import { Payers } from "../payers.ts";
import type { Case } from "./case.ts";
import type { ClientUnderTest } from "./errand.ts";
import type { Observed } from "./observed.ts";
import type { ClientRunSetup } from "./setup.ts";
import { Shop } from "./shop.ts";
import type { Storefront } from "./storefront.ts";

/** What the cases of one run against a client share. */
export interface ClientContext extends Omit<ClientRunSetup, "role" | "subject">, Ground {
  readonly client: ClientUnderTest;
  readonly payers: Payers;
  /** The block after which the run began. */
  readonly since: LedgerPoint;
  /**
   * The run's honest sale in a version, or by Permit2: made once, when it is first asked for. It is the control of every case:
   * each errand has a client, a shop and a payer of its own, so that one that goes well speaks for all.
   */
  readonly honestSale: (protocol: ProtocolId, byPermit2?: PermitScheme) => Promise<Observed>;
  /** What was seen of the first honest sale that was tried. */
  readonly honestEvidence: () => Promise<Evidence | undefined>;
  /** Shops that were opened; they stay open until the run is audited. */
  readonly storefronts: Set<Storefront>;
}

/** Connects to the run's sandbox; `cases` are those whose payers are worth funding in one go. */
export async function openClientContext(
  setup: Omit<ClientRunSetup, "role" | "subject">,
  client: ClientUnderTest,
  cases: readonly Pick<Case, "id">[],
): Promise<ClientContext> {
  const ground = await openGround(setup);
  const sales = new Map<string, Promise<Observed>>();
  const honestShops: Shop[] = [];
  const context: ClientContext = {
    ...setup,
    ...ground,
    client,
    payers: new Payers(
      ground.admin,
      setup.seed,
      cases.map(({ id }) => id),
    ),
    since: await ground.ledger.now(),
    storefronts: new Set(),
    honestSale: (protocol, byPermit2) => {
      const name = byPermit2 === undefined ? protocol : `${protocol} by Permit2, ${byPermit2}`;
      const earlier = sales.get(name);
      if (earlier !== undefined) return earlier;
      const shop = new Shop(context, `honest sale in ${name}`, protocol);
      honestShops.push(shop);
      const sale = shop.sells(byPermit2 === undefined ? {} : { byPermit2 }).done();
      sales.set(name, sale);
      return sale;
    },
    honestEvidence: async () => honestShops[0]?.evidence(),
  };
  return context;
}
