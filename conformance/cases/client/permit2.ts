import { isAddressEqual } from "viem";
import {
  allowanceRequired,
  type Case,
  type Check,
  chargedOnce,
  defineCase,
  everyEnvelope,
  type PermitScheme,
  paidOnce,
  permit2Address,
  providedItPays,
  showed,
  signedOnce,
  stopped,
  wasThere,
} from "../../engine/client/index.ts";
import { describeJson, Finding, field, type Json, type JsonObject } from "../../engine/index.ts";
import { nobody } from "./decoys.ts";
import { permitMishapCases } from "./permit-mishaps.ts";
import { permitTermsCases } from "./permit-terms.ts";
import { nameOf, needOf, permitCase, permitCases } from "./permits.ts";

/** The extension by which a seller's facilitator pays for an allowance that the payer signs. */
const sponsoring = "eip2612GasSponsoring";

/** Clients that pay `exact` by Permit2, for tokens that have no EIP-3009. */
export const permit2Cases: readonly Case[] = [
  ...permitCases("exact"),
  ...permitTermsCases("exact"),
  ...permitMishapCases("exact"),
  ...allowanceCases("exact"),
  permitCase("exact", {
    id: "sponsoring-allows-only-permit2",
    requirement: "C-SEC-09",
    title: "brings an allowance for nobody but Permit2, whomever the extension names",
    conduct: { asks: { challenge: sponsoringSomebodyElse } },
    checks: [providedItPays, everyEnvelope(allowsOnlyPermit2)],
  }),
];

/** What a client does when Permit2 may not take the price: it may allow it, or give up; it does not pay twice. */
export function allowanceCases(scheme: PermitScheme): readonly Case[] {
  const common = {
    // One account may pay in all cases of a client that comes by itself, and has its allowance from another one.
    needs: [needOf[scheme], "is-sent"],
    control: (t) => t.sellsHonestly(scheme).expect(paidOnce),
  } satisfies Partial<Case>;
  return [
    ...([412, 402] as const).map((withoutAllowance) =>
      defineCase({
        ...common,
        id: `client.${nameOf[scheme]}.without-allowance-${withoutAllowance}`,
        requirement: "C-PAY-20",
        title: `Who is told with ${withoutAllowance} that Permit2 has no allowance signs no second permit before there is one`,
        probe: (t) => t.sells({ byPermit2: scheme, withoutAllowance }).expect(signedOnceOrMended, stopped),
      }),
    ),
    defineCase({
      ...common,
      id: `client.${nameOf[scheme]}.allowance-for-permit2-alone`,
      requirement: "C-SEC-09",
      title: "Who mends a missing allowance gives it to Permit2, and to nobody else",
      probe: (t) => t.sells({ byPermit2: scheme, withoutAllowance: 412 }).expect(allowedOnlyPermit2),
    }),
    defineCase({
      ...common,
      id: `client.${nameOf[scheme]}.allowance-is-asked-of-the-caller`,
      requirement: "C-PAY-19",
      title: "That Permit2 has no allowance reaches the caller, or is mended",
      needs: [...common.needs, "shows-content"],
      probe: (t) => t.sells({ byPermit2: scheme, withoutAllowance: 412 }).expect(isMendedOrTold),
    }),
  ];
}

/** Whoever mends the allowance may sign anew for it, and pays once all the same. */
const signedOnceOrMended: Check = (observed) =>
  observed.deliveries > 0 ? chargedOnce(observed) : signedOnce(observed);

const allowedOnlyPermit2: Check = async (observed) => {
  wasThere(observed);
  const other = (await observed.allowedSpenders()).find(
    (spender) => !isAddressEqual(spender, permit2Address),
  );
  if (other !== undefined)
    throw new Finding(
      "Somebody else may take the payer's money.",
      `an allowance of ${permit2Address}`,
      other,
    );
};

/** A challenge whose seller sponsors allowances, and names somebody to give them to. */
function sponsoringSomebodyElse(challenge: JsonObject): Json {
  const info = { description: "The facilitator pays for your allowance.", version: "1", spender: nobody };
  return { ...challenge, extensions: { [sponsoring]: { info, schema: { type: "object" } } } };
}

/** What comes back unsigned is an echo, and allows nothing. */
function allowsOnlyPermit2(envelope: JsonObject): void {
  const info = field(field(field(envelope, "extensions"), sponsoring), "info");
  if (field(info, "signature") === undefined) return;
  const spender = field(info, "spender");
  if (String(spender).toLowerCase() === permit2Address.toLowerCase()) return;
  throw new Finding("Somebody else may take the payer's money.", permit2Address, describeJson(spender));
}

const isMendedOrTold: Check = (observed) =>
  observed.deliveries > 0 ? undefined : showed("the reason", wordsForIt)(observed);

/** Whatever words a client has for it. */
function wordsForIt({ outcome }: Parameters<Check>[0]): string {
  const said = outcome.kind === "unseen" ? "" : outcome.said;
  return /permit2.allowance.required|allowance|approve/i.exec(said)?.[0] ?? allowanceRequired;
}
