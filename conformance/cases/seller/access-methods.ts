import querystring from "node:querystring";
import { NotApplicable, Unproven } from "../../engine/index.ts";
import {
  type ApiRequest,
  type Case,
  type Check,
  defineCase,
  type Goods,
  noWork,
  type Observed,
  provenToWithhold,
  provided,
  status,
  type Trader,
  trying,
} from "../../engine/seller/index.ts";
import { bodiless } from "./access.ts";

/** Methods that APIs answer. DELETE is not among them: a seller that heeds it would have nothing left to sell. */
const methods = ["GET", "POST", "PUT", "PATCH"];

/** Characters of an answer below which another may well be the same by chance, as `{"ok":true}`. */
const tellingLength = 25;

/** What is sold by one method is not to be had by another. */
export const accessMethodCases: readonly Case[] = [
  defineCase({
    id: "seller.access.other-methods-open-nothing",
    requirement: "S-ORD-01",
    protocol: "any",
    title: "What is sold is not given away to a request without payment that has another method",
    probe: async (t) => {
      await t
        .ask()
        .expect(provided(status(402)))
        .done();
      for (const request of withOtherMethods(t.paid)) {
        const shown = await shownForNoResource(t, request);
        await t.provoke(request, {}, trying(nameOf(request), noGoodsBeside(shown)));
      }
    },
  }),
];

/** The paid request with every other method, with its body and without. */
function withOtherMethods(paid: ApiRequest): ApiRequest[] {
  return methods
    .filter((method) => method !== paid.method)
    .flatMap((method) => {
      const request = { ...paid, method };
      return paid.body === undefined ? [request] : [request, bodiless(request)];
    });
}

function nameOf({ method, body }: ApiRequest): string {
  return body === undefined ? method : `${method} with the body`;
}

/** What the seller answers by this method at any path, e.g. the page that every path of an application gives. */
async function shownForNoResource(t: Trader, request: ApiRequest): Promise<string[]> {
  const shown: string[] = [];
  await t.provoke({ ...request, target: "/x402-assay-no-such-route" }, {}, ({ answer }) => {
    shown.push(answer.body);
  });
  return shown;
}

/** An answer of success is something else than what is sold, and something else than `shown`. */
function noGoodsBeside(shown: readonly string[]): Check {
  return async (observed) => {
    if (observed.answer.status >= 300) return;
    await noWork(observed);
    const goods = await goodsOf(observed);
    if (goods.answer.body.trim().length < tellingLength)
      throw new NotApplicable(
        `The seller answers ${observed.request.method} without a payment, and what is sold is too short to be told from that.`,
      );
    const { target, body = "" } = observed.request;
    // What the buyer said itself is no secret.
    const said = [target, querystring.unescape(target), body];
    await provenToWithhold({ ...goods, open: [...goods.open, ...shown, ...said] })(observed);
  };
}

async function goodsOf({ sale }: Observed): Promise<Goods> {
  const sold = await sale();
  if (sold.kind === "sold") return sold.goods;
  throw new Unproven(`The subject sold nothing. ${sold.why}`);
}
