import {
  allowanceRequired,
  type Case,
  type Check,
  defineCase,
  type PermitScheme,
  paidOnce,
  showed,
  signedOnce,
  stopped,
} from "../../engine/client/index.ts";
import { nameOf, needOf, permitCases } from "./permits.ts";

/** Clients that pay `exact` by Permit2, for tokens that have no EIP-3009. */
export const permit2Cases: readonly Case[] = [...permitCases("exact"), ...allowanceCases("exact")];

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
        probe: (t) =>
          t.sells({ byPermit2: scheme, withoutAllowance }).expect(signedOnceWithoutAllowance, stopped),
      }),
    ),
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

/** Whoever mends the allowance may sign anew for it. */
const signedOnceWithoutAllowance: Check = (observed) =>
  observed.deliveries > 0 ? undefined : signedOnce(observed);

const isMendedOrTold: Check = (observed) =>
  observed.deliveries > 0 ? undefined : showed("the reason", wordsForIt)(observed);

/** Whatever words a client has for it. */
function wordsForIt({ outcome }: Parameters<Check>[0]): string {
  const said = outcome.kind === "unseen" ? "" : outcome.said;
  return /permit2.allowance.required|allowance|approve/i.exec(said)?.[0] ?? allowanceRequired;
}
