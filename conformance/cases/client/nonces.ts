import {
  type Case,
  type Check,
  defineCase,
  defineFormCase,
  everyAuthorization,
  isOfMathRandom,
  providedItPays,
  type Received,
  stopped,
} from "../../engine/client/index.ts";
import { Finding, NotApplicable, Unproven } from "../../engine/index.ts";

/** What is wrong with a nonce by which all later ones are known. */
export const madeOfMathRandom =
  "The nonce is made of Math.random: whoever sees it can compute those of all later payments.";

/** Nonces: random, and a new one for each payment. */
export const nonceCases: readonly Case[] = [
  defineFormCase({
    id: "client.authorization.nonce-is-random",
    requirement: "C-PAY-10",
    title: "The nonce is 32 bytes that nobody could guess",
    probe: (t) =>
      t.sellsHonestly().expect(
        everyAuthorization(({ nonce }) => {
          const bytes = nonce.slice(2).match(/../g) ?? [];
          // Of 32 random bytes, about 30 differ; fewer than 16 come up once in the age of the universe.
          if (bytes.length === 32 && new Set(bytes).size >= 16) return;
          throw new Finding("The nonce is not random.", "32 random bytes", nonce);
        }),
      ),
  }),
  defineFormCase({
    id: "client.authorization.nonce-is-unpredictable",
    requirement: "C-PAY-10",
    title: "The nonce is not made of Math.random, of which one nonce tells every later one",
    probe: (t) =>
      t.sellsHonestly().expect(
        everyAuthorization(({ nonce }) => {
          if (!isOfMathRandom(nonce)) return;
          throw new Finding(madeOfMathRandom, "bytes of crypto.getRandomValues", nonce);
        }),
      ),
  }),
  defineCase({
    id: "client.authorization.nonce-is-fresh",
    requirement: "C-PAY-10",
    title: "Two payments never share a nonce",
    probe: async (t) => {
      const used: string[] = [];
      await t
        .sellsHonestly()
        .expect(everyAuthorization(({ nonce }) => void used.push(nonce)))
        .done();
      await t
        .sells()
        .expect(
          everyAuthorization(({ nonce }) => {
            if (used.includes(nonce)) throw new Finding("A nonce comes twice.", "a new nonce", nonce);
          }),
        )
        .done();
    },
  }),
  defineCase({
    id: "client.authorization.nonce-for-the-same",
    requirement: "C-PAY-10",
    title: "Who buys the same once more signs another nonce",
    needs: ["is-sent"],
    probe: (t) => t.sells({ twice: true }).expect(stopped, providedItPays, anotherNonce),
  }),
  defineCase({
    id: "client.authorization.nonce-at-once",
    requirement: "C-PAY-10",
    title: "What one payer buys in the same second has a nonce each",
    probe: async (t) => {
      const sales = [1, 2, 3].map(() => t.sells({ samePayer: true }).expect(providedItPays).done());
      const nonces = (await Promise.all(sales)).map(({ requests }) => new Set(noncesIn(requests)));
      const twice = nonces.flatMap((own, index) =>
        [...own].filter((nonce) => nonces.some((other, place) => place > index && other.has(nonce))),
      );
      if (twice[0] !== undefined) throw new Finding("A nonce comes twice.", "a new nonce", twice[0]);
    },
  }),
];

/** Of two errands to one address, the second was paid under another nonce. */
export const anotherNonce: Check = ({ errands: [first, second], deliveries }) => {
  if (deliveries === 0) throw new Unproven("The first payment was not taken.");
  const [nonce] = noncesIn(second);
  if (nonce === undefined) throw new NotApplicable("The client did not pay a second time.");
  if (noncesIn(first).includes(nonce)) throw new Finding("A nonce comes twice.", "a new nonce", nonce);
};

/** What the payments of these requests were signed with. */
export function noncesIn(requests: readonly Received[]): readonly string[] {
  return requests.flatMap(({ payments }) =>
    payments.flatMap(({ authorization, permit }) => {
      const signed = authorization ?? permit;
      return signed === undefined ? [] : String(signed.nonce);
    }),
  );
}
