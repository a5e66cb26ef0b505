import { describeJson, Finding, type JsonObject, NotApplicable } from "../../engine/index.ts";
import {
  type Case,
  defineCase,
  type ProofChange,
  provided,
  refused,
  type Script,
  served,
  settled,
  signInHeader,
  signInOffer,
  turnedAway,
} from "../../engine/seller/index.ts";

/** One thing wrong with a proof of who has paid. */
interface BadProof extends Pick<Case, "id" | "requirement" | "title"> {
  readonly change: ProofChange;
  /** More of the same kind, each in a proof of its own. */
  readonly more?: readonly ProofChange[];
}

const badProofs: readonly BadProof[] = [
  {
    id: "seller.sign-in.for-another-domain",
    requirement: "S-EXT-02",
    title: "A proof that was made for another domain does not open the resource",
    change: { proof: (proof) => ({ ...proof, domain: "other.example" }) },
  },
  {
    id: "seller.sign-in.for-another-origin",
    requirement: "S-EXT-02",
    title: "A proof whose URI is of another origin does not open the resource",
    change: { proof: (proof) => ({ ...proof, uri: "https://other.example/" }) },
  },
  {
    id: "seller.sign-in.for-a-domain-that-looks-alike",
    requirement: "S-EXT-02",
    title: "A proof for a domain that has the seller's in it, but is another, does not open the resource",
    change: forDomain((domain) => `${domain}0`),
    more: [forDomain((domain) => `${domain}.other.example`), forDomain((domain) => `x${domain}`)],
  },
  {
    id: "seller.sign-in.for-an-origin-that-looks-alike",
    requirement: "S-EXT-02",
    title: "A proof whose URI begins like the seller's, but is of another origin, does not open the resource",
    change: forUri((origin) => `${origin}@other.example/`),
    more: [forUri((origin) => `${origin}.other.example/`)],
  },
  {
    id: "seller.sign-in.issued-in-the-future",
    requirement: "S-EXT-03",
    title: "A proof that says that it is issued in an hour does not open the resource",
    change: {
      proof: (proof) => ({ ...proof, issuedAt: minutesFromNow(60), expirationTime: minutesFromNow(65) }),
    },
  },
  {
    id: "seller.sign-in.issued-long-ago",
    requirement: "S-EXT-03",
    title: "A proof that was issued an hour ago does not open the resource, whenever it says that it expires",
    change: {
      proof: (proof) => ({ ...proof, issuedAt: minutesFromNow(-60), expirationTime: minutesFromNow(5) }),
    },
  },
  {
    id: "seller.sign-in.expired",
    requirement: "S-EXT-04",
    title: "A proof that has expired does not open the resource",
    change: { proof: (proof) => ({ ...proof, expirationTime: minutesFromNow(-1) }) },
  },
  {
    id: "seller.sign-in.not-yet-valid",
    requirement: "S-EXT-04",
    title: "A proof that is valid from an hour on does not open the resource yet",
    change: { proof: (proof) => ({ ...proof, notBefore: minutesFromNow(60) }) },
  },
  {
    id: "seller.sign-in.signed-by-a-stranger",
    requirement: "S-EXT-06",
    title: "A proof in a payer's name with a stranger's signature does not open the resource",
    change: { signedByStranger: true },
  },
  {
    id: "seller.sign-in.signed-for-another-chain",
    requirement: "S-EXT-06",
    title: "A proof whose signature is for another chain than it claims does not open the resource",
    change: { signedAs: (proof) => ({ ...proof, chainId: "eip155:1" }) },
  },
  {
    id: "seller.sign-in.who-never-paid",
    requirement: "S-ORD-01",
    title: "Who signs in honestly, but has never paid, gets nothing",
    change: { ofStranger: true },
  },
];

/** The payer comes back and is let in without paying again. */
const payerComesBack: Script = async (t) => {
  await signInOffer(t);
  await t.buy().expect(served, settled(1)).done();
  const back = await t.send(await signInHeader(t)).done();
  // No rule says that who signs in need not pay: it may be there to tell who is asking.
  if (back.answer.status === 402)
    throw new NotApplicable("The seller asks who has paid and signs in to pay again: a proof opens nothing.");
  await served(back);
  await settled(0)(back);
};

/** Coming back without paying again (extension sign-in-with-x), to sellers that offer it. */
export const signInCases: readonly Case[] = [
  defineCase({
    id: "seller.sign-in.nonces-are-fresh",
    requirement: "S-EXT-01",
    title: "Each challenge has a nonce of its own, of 32 hex characters",
    probe: async (t) => {
      const [one, other] = [await signInOffer(t), await signInOffer(t)].map(({ info }) => nonceOf(info));
      if (one !== other) return;
      throw new Finding("Two challenges have the same nonce.", "a nonce for each challenge", `twice ${one}`);
    },
  }),
  ...badProofs.map(({ change, more = [], ...definition }) =>
    defineCase({
      ...definition,
      control: payerComesBack,
      probe: async (t) => {
        for (const each of [change, ...more]) {
          await t
            .send(await signInHeader(t, each))
            .expect(turnedAway)
            .done();
        }
      },
    }),
  ),
  defineCase({
    id: "seller.sign-in.proof-opens-once",
    requirement: "S-EXT-05",
    title: "A proof opens the resource once",
    control: payerComesBack,
    probe: async (t) => {
      const proof = await signInHeader(t);
      await t.send(proof).expect(provided(served)).done();
      await t.send(proof).expect(turnedAway).done();
    },
  }),
  defineCase({
    id: "seller.sign-in.who-paid-for-another",
    requirement: "S-PAY-27",
    title: "Who has paid for one thing does not get another that costs more by signing in",
    needs: ["alsoPaid"],
    control: payerComesBack,
    probe: async (t) => {
      const paid = t.lastPayment.amount;
      const dearer = t.request("alsoPaid");
      if ((await t.prepare({}, dearer)).amount <= paid)
        throw new NotApplicable("Give a paid request that costs more with --also-paid.");
      await t
        .send(await signInHeader(t, {}, dearer), dearer)
        .expect(turnedAway)
        .done();
    },
  }),
  defineCase({
    id: "seller.sign-in.whose-settlement-failed",
    requirement: "S-ORD-01",
    title: "Who signs in after a payment that was not settled gets nothing",
    needs: ["own-facilitator"],
    probe: async (t) => {
      await signInOffer(t);
      await t.underFault("settle-refuses", t.buy().expect(provided(refused)));
      await t
        .send(await signInHeader(t))
        .expect(turnedAway)
        .done();
    },
  }),
];

function forDomain(change: (domain: string) => string): ProofChange {
  return { proof: (proof) => ({ ...proof, domain: change(String(proof.domain)) }) };
}

function forUri(change: (origin: string) => string): ProofChange {
  return {
    proof: (proof) => {
      const url = URL.parse(String(proof.uri));
      if (url !== null) return { ...proof, uri: change(url.origin) };
      throw new NotApplicable("The challenge's `uri` is no URL, so that nothing looks like its origin.");
    },
  };
}

function nonceOf({ nonce }: JsonObject): string {
  if (typeof nonce === "string" && /^[0-9a-f]{32}$/i.test(nonce)) return nonce;
  throw new Finding("The nonce is not as it must be.", "32 hex characters", describeJson(nonce));
}

function minutesFromNow(minutes: number): string {
  return new Date(Date.now() + minutes * 60_000).toISOString();
}
