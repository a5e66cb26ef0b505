import querystring from "node:querystring";
import { Finding, NotApplicable, Unproven } from "../finding.ts";
import { type Goods, neverTheSame, type Whereabouts, whereaboutsOf } from "./goods.ts";
import type { Check, Observed } from "./observed.ts";
import type { Sale } from "./sale.ts";

/** No part of the answer gives away what is sold. Says nothing where nobody could tell. */
export const withheld: Check = async (observed) => {
  const { goods } = await soldIn(observed);
  const { status: code } = observed.answer;
  const whereabouts = await lookFor(goods, observed);
  if (whereabouts === "unclear" && code < 300) throw new NotApplicable(neverTheSame);
};

/** No part of the answer gives away what is sold, which one must be able to tell. */
export const provenWithheld: Check = async (observed) => {
  const { goods } = await soldIn(observed);
  await provenToWithhold(goods)(observed);
};

/** No part of the answer gives away these goods, which one must be able to tell. */
export function provenToWithhold(goods: Goods): Check {
  return async (observed) => {
    if ((await lookFor(goods, observed)) === "unclear") throw new NotApplicable(neverTheSame);
  };
}

/** The challenge itself, body and headers, holds no paid content. */
export const challengeWithholds: Check = async (observed) => {
  const { goods } = await soldIn(observed);
  const { request } = observed;
  // What the buyer said itself is no secret.
  const said = [request.target, querystring.unescape(request.target), request.body ?? ""];
  await provenToWithhold({ ...goods, open: said })(observed);
};

/** @throws Finding when the goods are given away */
async function lookFor(goods: Goods, observed: Observed): Promise<Whereabouts> {
  const whereabouts = await whereaboutsOf(goods, observed);
  if (whereabouts !== "given-away") return whereabouts;
  const { status: code, body } = observed.answer;
  throw new Finding(
    "The answer gives away the paid content.",
    "no paid content",
    `status ${code}, body ${JSON.stringify(body.slice(0, 200))}`,
  );
}

async function soldIn({ sale }: Observed): Promise<Extract<Sale, { kind: "sold" }>> {
  const sold = await sale();
  if (sold.kind === "sold") return sold;
  throw new Unproven(`The subject sold nothing. ${sold.why}`);
}

/** The paid handler did not run. Says nothing about a subject that does not report its work. */
export const noWork: Check = async ({ sale, workRuns }) => {
  const sold = await sale();
  if (sold.kind === "not-sold" || !sold.goods.reportsWork) return;
  const runs = await workRuns();
  if (runs > 0)
    throw new Finding(
      "The paid work was done for a request that was refused.",
      "no run of the handler",
      `${runs}`,
    );
};

/** The paid handler did not run, which a subject must have shown that it would tell. */
export const provenNoWork: Check = async (observed) => {
  const sold = await observed.sale();
  if (sold.kind === "sold" && !sold.goods.reportsWork)
    throw new NotApplicable(
      'The seller does not report its work, and its answers cannot show it. Let the paid handler POST {"requestId": <the request\'s X-Request-Id>} to the URL in WORK_URL.',
    );
  await noWork(observed);
};
