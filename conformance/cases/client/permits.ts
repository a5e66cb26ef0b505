import { maxUint256, toHex } from "viem";
import {
  type Case,
  type Check,
  type Conduct,
  defineCase,
  defineFormCase,
  everyEnvelope,
  everyPermit,
  isOfMathRandom,
  isPermitSigned,
  type Need,
  type PermitScheme,
  paidOnce,
  permit2Proxies,
  providedItPays,
  type ReceivedPermit,
  refusesOr,
  signedNothing,
  validityOf,
} from "../../engine/client/index.ts";
import { describeJson, Finding, field, Unproven } from "../../engine/index.ts";
import { endsWithin, hasNotExpired, hasSignatureShape, isValidYet } from "./authorization.ts";
import { lookAlike } from "./decoys.ts";
import { madeOfMathRandom } from "./nonces.ts";

/** Schemes that are paid by Permit2, as the ids of their cases name them. */
export const nameOf = { exact: "permit2", upto: "upto" } as const satisfies Record<PermitScheme, string>;

/** What a client must do for such a case to be tried. */
export const needOf = { exact: "pays-permit2", upto: "pays-upto" } as const satisfies Record<
  PermitScheme,
  Need
>;

/** The most that is permitted is demanded by a rule of its own for `upto`. */
const amountRule = { exact: "C-PAY-17", upto: "C-PAY-18" } as const;

/** What a permit of either scheme says, and for what it is not signed. */
export function permitCases(scheme: PermitScheme): readonly Case[] {
  return [
    formCase(scheme, {
      id: "spender",
      requirement: "C-PAY-16",
      title: "names the scheme's proxy of x402 as its spender, and nobody else",
      check: everyPermit(({ spender }) => {
        isSame("Another spender is permitted.", permit2Proxies[scheme], spender);
      }),
    }),
    formCase(scheme, {
      id: "payee",
      requirement: "C-PAY-16",
      title: "pays payTo, by its witness",
      check: everyPermit(({ witness }, { payTo }) => isSame("Somebody else is paid.", payTo, witness.to)),
    }),
    formCase(scheme, {
      id: "signature",
      requirement: "C-PAY-16",
      title: "is signed by the payer, under Permit2's domain on the chain of the entry",
      check: isPermitSigned(scheme),
    }),
    formCase(scheme, {
      id: "signature-shape",
      requirement: "C-PAY-15",
      title: "is signed in 65 bytes, with a low s and v of 27 or 28",
      check: everyPermit(hasSignatureShape),
    }),
    formCase(scheme, {
      id: "token",
      requirement: "C-PAY-17",
      title: "permits the asset that was asked for",
      check: everyPermit(({ permitted }, { asset }) =>
        isSame("Another token is permitted.", asset, permitted.token),
      ),
    }),
    formCase(scheme, {
      id: "amount",
      requirement: amountRule[scheme],
      title: "permits the amount that was asked for, and not more",
      check: everyPermit(({ permitted }, { price }) => {
        if (permitted.amount !== price)
          throw new Finding("Another amount is permitted.", `${price}`, `${permitted.amount}`);
      }),
    }),
    formCase(scheme, {
      id: "numbers-are-strings",
      requirement: "C-PAY-09",
      title: "has its numbers as strings of decimal digits",
      check: everyEnvelope((envelope) => {
        const permit = field(field(envelope, "payload"), "permit2Authorization");
        if (permit === undefined) throw new Unproven("The payment holds no permit.");
        const numbers = {
          "permitted.amount": field(field(permit, "permitted"), "amount"),
          nonce: field(permit, "nonce"),
          deadline: field(permit, "deadline"),
          "witness.validAfter": field(field(permit, "witness"), "validAfter"),
        };
        for (const [name, value] of Object.entries(numbers)) {
          if (typeof value === "string" && /^\d+$/.test(value)) continue;
          throw new Finding(`\`${name}\` is no decimal string.`, "a string of digits", describeJson(value));
        }
      }),
    }),
    formCase(scheme, {
      id: "valid-now",
      requirement: "C-PAY-11",
      title: "is valid when it arrives",
      check: everyPermit(({ witness }, _observed, { at }) => isValidYet(witness, at)),
    }),
    formCase(scheme, {
      id: "not-expired",
      requirement: "C-PAY-12",
      title: "has not expired when it arrives",
      check: everyPermit((permit, _observed, { at }) => hasNotExpired(validityOf(permit), at)),
    }),
    permitCase(scheme, {
      id: "valid-in-time",
      requirement: "C-PAY-17",
      title: "ends when maxTimeoutSeconds say",
      conduct: { asks: { entry: (entry) => ({ ...entry, maxTimeoutSeconds: 30 }) } },
      checks: [
        providedItPays,
        everyPermit(({ deadline }, observed, payment) =>
          endsWithin(30n)({ validBefore: deadline }, observed, payment),
        ),
      ],
    }),
    permitCase(scheme, {
      id: "endless-lifetime",
      requirement: "C-PAY-13",
      title: "is refused or capped when it is to live ten years",
      conduct: { asks: { entry: (entry) => ({ ...entry, maxTimeoutSeconds: 315_360_000 }) } },
      checks: [refusesOr(everyPermit(livesAtMostAYear))],
    }),
    permitCase(scheme, {
      id: "absurd-price",
      requirement: "C-PAY-22",
      title: "is not signed unasked for a million dollars",
      conduct: { asks: { entry: (entry) => ({ ...entry, amount: "1000000000000" }) } },
      checks: [signedNothing],
    }),
    permitCase(scheme, {
      id: "look-alike-asset",
      requirement: "C-PAY-23",
      title: "is not signed for another token that calls itself USDC",
      conduct: { asks: { entry: (entry) => ({ ...entry, asset: lookAlike(field(entry, "asset")) }) } },
      checks: [signedNothing],
    }),
    defineCase({
      id: `client.${nameOf[scheme]}.nonce-is-fresh`,
      requirement: "C-PAY-10",
      title: `${kind(scheme)} has a nonce that nobody could guess, and another one each time`,
      needs: [needOf[scheme]],
      control: (t) => t.sellsHonestly(scheme).expect(paidOnce),
      probe: async (t) => {
        const used: bigint[] = [];
        await t
          .sellsHonestly(scheme)
          .expect(everyPermit(({ nonce }) => void used.push(nonce)))
          .done();
        await t
          .sells({ byPermit2: scheme })
          .expect(
            providedItPays,
            everyPermit(({ nonce }) => {
              if (used.includes(nonce)) throw new Finding("A nonce comes twice.", "a new nonce", `${nonce}`);
              // Even of 8 random bytes, two in ten thousand have so few that differ; of 32, none in the age of the universe.
              if (new Set(nonce.toString(16).match(/..?/g)).size < 7)
                throw new Finding("The nonce is not random.", "a random number", `${nonce}`);
              if (nonce > maxUint256) throw new Finding("The nonce is too large.", "256 bits", `${nonce}`);
              if (isOfMathRandom(toHex(nonce, { size: 32 })))
                throw new Finding(madeOfMathRandom, "bytes of crypto.getRandomValues", `${nonce}`);
            }),
          )
          .done();
      },
    }),
  ];
}

/** Declares a case about the permit that an honest shop receives. */
export function formCase(
  scheme: PermitScheme,
  { id, requirement, title, check }: CaseFacts & { readonly check: Check },
): Case {
  return defineFormCase({
    id: `client.${nameOf[scheme]}.${id}`,
    requirement,
    title: `${kind(scheme)} ${title}`,
    needs: [needOf[scheme]],
    probe: (t) => t.sellsHonestly(scheme).expect(check),
  });
}

/** Declares a case about a shop that takes the scheme, and is honest but for what `conduct` says. */
export function permitCase(
  scheme: PermitScheme,
  {
    id,
    requirement,
    title,
    conduct,
    checks,
    needs = [],
  }: CaseFacts & {
    readonly conduct: Omit<Conduct, "byPermit2">;
    readonly checks: readonly Check[];
    /** What the client must be able to do besides. */
    readonly needs?: readonly Need[];
  },
): Case {
  return defineCase({
    id: `client.${nameOf[scheme]}.${id}`,
    requirement,
    title: `${kind(scheme)} ${title}`,
    needs: [needOf[scheme], ...needs],
    control: (t) => t.sellsHonestly(scheme).expect(paidOnce),
    probe: (t) => t.sells({ byPermit2: scheme, ...conduct }).expect(...checks),
  });
}

interface CaseFacts {
  /** What follows the scheme's name in the id. */
  readonly id: string;
  readonly requirement: string;
  /** What the permit does, as a sentence goes on. */
  readonly title: string;
}

function kind(scheme: PermitScheme): string {
  return scheme === "exact" ? "A permit" : "A permit of upto";
}

function isSame(complaint: string, expected: string, actual: string): void {
  if (expected.toLowerCase() !== actual.toLowerCase()) throw new Finding(complaint, expected, actual);
}

function livesAtMostAYear({ deadline }: ReceivedPermit): void {
  const life = deadline - BigInt(Math.floor(Date.now() / 1000));
  if (life > 31_536_000n) throw new Finding("The permit lives too long.", "31536000 s at most", `${life} s`);
}
