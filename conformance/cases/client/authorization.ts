import { type Hex, maxUint256 } from "viem";
import {
  type Case,
  defineCase,
  defineFormCase,
  everyAuthorization,
  everyEnvelope,
  hintAt,
  isSignedUnder,
  type Observed,
  providedItPays,
  refusesOr,
  secondOf,
  signatureFault,
  timeFault,
  type Validity,
} from "../../engine/client/index.ts";
import { describeJson, Finding, field, type JsonObject, NotApplicable } from "../../engine/index.ts";

import { dearer, decoysOfTerms, extraOf, nobody, priced, priceFieldOf } from "./decoys.ts";
import { unlessItKnowsTheToken } from "./known-tokens.ts";

/** Seconds by which two clocks, or a clock and a slow machine, may differ. */
export const skew = 10n;

/** What is signed: the terms that were asked for, for as long as asked, and nothing else. */
export const authorizationCases: readonly Case[] = [
  defineFormCase({
    id: "client.authorization.payee",
    requirement: "C-PAY-08",
    title: "The authorization pays payTo",
    probe: (t) =>
      t.sellsHonestly().expect(
        everyAuthorization(({ to }, { payTo }) => {
          if (to.toLowerCase() !== payTo.toLowerCase())
            throw new Finding("Somebody else is paid.", payTo, to);
        }),
      ),
  }),
  defineFormCase({
    id: "client.payment.value",
    requirement: "C-PAY-07",
    title: "The signed value is the amount that was asked",
    probe: (t) =>
      t.sellsHonestly().expect(
        everyAuthorization(({ value }, { price }) => {
          if (value !== price) throw new Finding("Another value is signed.", `${price}`, `${value}`);
        }),
      ),
  }),
  defineCase({
    id: "client.authorization.atomic-units",
    requirement: "C-PAY-07",
    title: "An amount of 250000, or of the client's limit, is signed as it stands, whatever it may be worth",
    probe: (t) => {
      const amount = t.affordable(250_000n);
      return t.sells({ asks: { entry: (entry) => priced(String(amount), entry) } }).expect(
        providedItPays,
        everyAuthorization(({ value }) => {
          if (value !== amount) throw new Finding("Another value is signed.", `${amount}`, `${value}`);
        }),
      );
    },
  }),
  defineFormCase({
    id: "client.authorization.numbers-are-strings",
    requirement: "C-PAY-09",
    title: "Every number of the authorization is a string of decimal digits",
    probe: (t) =>
      t.sellsHonestly().expect(
        everyEnvelope((envelope) => {
          const authorization = field(field(envelope, "payload"), "authorization");
          for (const key of ["value", "validAfter", "validBefore"]) {
            const value = field(authorization, key);
            if (typeof value === "string" && /^\d+$/.test(value)) continue;
            throw new Finding(`\`${key}\` is no decimal string.`, "a string of digits", describeJson(value));
          }
        }),
      ),
  }),
  defineFormCase({
    id: "client.authorization.valid-now",
    requirement: "C-PAY-11",
    title: "The authorization is valid when it arrives",
    probe: (t) =>
      t
        .sellsHonestly()
        .expect(everyAuthorization((authorization, _observed, { at }) => isValidYet(authorization, at))),
  }),
  defineFormCase({
    id: "client.authorization.not-expired",
    requirement: "C-PAY-12",
    title: "The authorization has not expired when it arrives",
    probe: (t) =>
      t
        .sellsHonestly()
        .expect(everyAuthorization((authorization, _observed, { at }) => hasNotExpired(authorization, at))),
  }),
  defineCase({
    id: "client.authorization.valid-in-time",
    requirement: "C-PAY-12",
    title: "The authorization ends when maxTimeoutSeconds say, and not before it begins",
    probe: (t) =>
      t
        .sells({ asks: { entry: (entry) => ({ ...entry, maxTimeoutSeconds: 30 }) } })
        .expect(providedItPays, everyAuthorization(endsWithin(30n))),
  }),
  defineFormCase({
    id: "client.authorization.domain",
    requirement: "C-PAY-14",
    title: "The authorization is signed for the token, its name and version, and the chain",
    probe: (t) =>
      t.sellsHonestly().expect(
        everyAuthorization(async (authorization, observed) => {
          const { tokenDomain, chainId, asset } = observed;
          await isSignedUnder(authorization, { ...tokenDomain, chainId, verifyingContract: asset }, observed);
        }),
      ),
  }),
  defineCase({
    id: "client.authorization.domain-as-asked",
    requirement: "C-PAY-14",
    title: "The domain is the one in `extra`, also when that is not the token's own",
    probe: (t) =>
      t
        .sells({ asks: { entry: (entry) => ({ ...entry, extra: { name: "USD Coin", version: "3" } }) } })
        .expect(
          providedItPays,
          unlessItKnowsTheToken(
            everyAuthorization(async (authorization, observed) => {
              const { chainId, asset } = observed;
              const domain = { name: "USD Coin", version: "3", chainId, verifyingContract: asset };
              await isSignedUnder(authorization, domain, observed);
            }),
            "signed under USD Coin / 3, as the entry says",
          ),
        ),
  }),
  defineCase({
    id: "client.authorization.domain-not-from-extra",
    requirement: "C-PAY-14",
    title: "Chain and contract of the domain are those of the entry, whatever `extra` says",
    probe: (t) =>
      t.sells({ asks: { entry: lyingInExtra } }).expect(
        providedItPays,
        everyAuthorization(async (authorization, observed) => {
          const { tokenDomain, chainId, asset } = observed;
          await isSignedUnder(authorization, { ...tokenDomain, chainId, verifyingContract: asset }, observed);
        }),
      ),
  }),
  defineCase({
    id: "client.authorization.terms-not-from-elsewhere",
    requirement: "C-PAY-08",
    title: "Payee, amount and end are those of the entry, whatever other fields and `extra` say",
    probe: (t) =>
      t.sells({ asks: { entry: withDecoys } }).expect(
        refusesOr(
          everyAuthorization((authorization, { payTo, price }) => {
            const signed = `${authorization.value} to ${authorization.to}`;
            const asked = `${price} to ${payTo}`;
            if (signed.toLowerCase() !== asked.toLowerCase())
              throw new Finding("What is signed follows a field that x402 does not know.", asked, signed);
            if (String(authorization.validBefore) === decoysOfTerms.validBefore)
              throw new Finding(
                "It ends when another field says.",
                "maxTimeoutSeconds",
                decoysOfTerms.validBefore,
              );
          }),
        ),
      ),
  }),
  defineFormCase({
    id: "client.authorization.signature-shape",
    requirement: "C-PAY-15",
    title: "The signature is 65 bytes, with a low s and v of 27 or 28",
    probe: (t) => t.sellsHonestly().expect(everyAuthorization(hasSignatureShape)),
  }),
];

/** The signature is one that every token takes from a key holder. */
export function hasSignatureShape(
  { signature }: { readonly signature: Hex },
  { payerIsGiven }: Pick<Observed, "payerIsGiven">,
): void {
  if (!payerIsGiven)
    throw new NotApplicable("The client pays with an account of its own, maybe a smart one.");
  const fault = signatureFault(signature);
  if (fault === undefined) return;
  throw new Finding(`The signature has another shape: ${fault}.`, "65 bytes, low s, v 27 or 28", signature);
}

/** Names another chain and another token where only the domain's name and version belong. */
function lyingInExtra(entry: JsonObject): JsonObject {
  return { ...entry, extra: { ...extraOf(entry), chainId: 1, verifyingContract: nobody } };
}

/** Says beside payTo and the amount, in other letters and in words that other versions and dialects have, something else. */
function withDecoys(entry: JsonObject): JsonObject {
  const price = priceFieldOf(entry);
  const priceOfOtherVersion = price === "amount" ? "maxAmountRequired" : "amount";
  const decoys = { ...decoysOfTerms, [priceOfOtherVersion]: dearer, [price.toUpperCase()]: dearer };
  return {
    ...entry,
    ...decoys,
    extra: { ...extraOf(entry), ...decoys, payTo: nobody, facilitatorAddress: nobody },
  };
}

/** What was signed can be used from when it came in, Unix milliseconds. */
export function isValidYet({ validAfter }: { validAfter: bigint }, at: number): void {
  const now = secondOf(at);
  const fault = timeFault({ validAfter, validBefore: maxUint256 }, now);
  if (fault !== undefined)
    throw new Finding(`It is not valid yet: ${fault}.`, `at most ${now}`, `${validAfter}`);
}

/** What was signed could still be used when it came in, Unix milliseconds. */
export function hasNotExpired(validity: Omit<Validity, "validAfter">, at: number): void {
  const now = secondOf(at);
  const { validBefore } = validity;
  const fault = timeFault({ ...validity, validAfter: 0n }, now);
  if (fault !== undefined)
    throw new Finding(
      `It has expired: ${fault}.`,
      `more than ${now}, the time of its arrival`,
      `${validBefore}`,
    );
}

/** What was signed can be used now, and no longer than for so many seconds. */
export function endsWithin(seconds: bigint) {
  return ({ validBefore }: { validBefore: bigint }, _observed: unknown, { at }: { at: number }) => {
    const now = secondOf(at);
    if (validBefore > now && validBefore <= now + seconds + skew) return;
    const life = validBefore - now;
    throw new Finding(
      `It ends at another time than was asked for${hintAt(life < 0n ? -life : life - seconds)}.`,
      `within ${seconds} s`,
      life < 0n ? `${-life} s ago` : `after ${life} s`,
    );
  };
}
