import {
  type Case,
  defineCase,
  httpStatus,
  type ReplyCheck,
  replies,
  survived,
  told,
} from "../../engine/facilitator/index.ts";
import { describeJson, Finding, field, type Json, NotApplicable } from "../../engine/index.ts";
import { declaring, httpDeclaration, placeOf } from "./declarations.ts";
import { isNumber, isText, listOf } from "./shapes.ts";

/** The list of what can be bought (x402 v2 §8). */
export const discoveryCases: readonly Case[] = [
  defineCase({
    id: "facilitator.discovery.items",
    requirement: "F-DS-02",
    title: "Every listed resource says where it is, of what type and version, how it is paid, and since when",
    needs: ["discovery"],
    probe: async (t) => {
      await t.settle(declaring(placeOf(t, "items"), httpDeclaration())).done();
      await t
        .get("/discovery/resources")
        .expect(
          httpStatus(200),
          replies("x402Version", "a number", isNumber),
          replies("items", "an array of {resource, type, x402Version, accepts, lastUpdated}", areResources),
        )
        .done();
    },
  }),
  defineCase({
    id: "facilitator.discovery.page-unless-told",
    requirement: "F-DS-01",
    title: "Without limit and offset, a page has up to 20 resources, from the first on",
    needs: ["discovery"],
    probe: (t) => t.get("/discovery/resources").expect(httpStatus(200), isPage({ limit: 20, offset: 0 })),
  }),
  defineCase({
    id: "facilitator.discovery.page-as-told",
    requirement: "F-DS-01",
    title: "A page tells the limit and the offset that were asked for",
    needs: ["discovery"],
    probe: (t) =>
      t.get("/discovery/resources?limit=1&offset=1").expect(httpStatus(200), isPage({ limit: 1, offset: 1 })),
  }),
  defineCase({
    id: "facilitator.discovery.page-limits",
    requirement: "F-DS-01",
    title: "A limit that is not from 1 to 100, or an offset below 0, is refused or brought into bounds",
    needs: ["discovery"],
    control: (t) => t.get("/discovery/resources?limit=100").expect(isPage({ limit: 100, offset: 0 })),
    probe: async (t) => {
      for (const query of ["limit=0", "limit=101", "limit=-1", "limit=many", "offset=-1"])
        await t.get(`/discovery/resources?${query}`).expect(survived, staysInBounds).done();
    },
  }),
];

function isPage({ limit, offset }: { limit: number; offset: number }): ReplyCheck {
  return ({ json }) => {
    const pagination = field(json, "pagination");
    const items = field(json, "items");
    const holds =
      field(pagination, "limit") === limit &&
      field(pagination, "offset") === offset &&
      Number.isInteger(field(pagination, "total")) &&
      Array.isArray(items) &&
      items.length <= limit;
    if (holds) return;
    throw new Finding(
      "The page is not the one that was asked for.",
      `pagination {limit: ${limit}, offset: ${offset}, total}, and no more items than that`,
      `pagination ${describeJson(pagination)}, ${Array.isArray(items) ? items.length : "no"} items`,
    );
  };
}

const staysInBounds: ReplyCheck = (reply) => {
  if (reply.answer.status >= 400) return;
  const limit = Number(field(field(reply.json, "pagination"), "limit"));
  const offset = Number(field(field(reply.json, "pagination"), "offset"));
  if (limit >= 1 && limit <= 100 && offset >= 0) return;
  throw new Finding(
    "A page has other bounds than a page may have.",
    "a 4xx, or limit from 1 to 100 and offset from 0",
    told(reply),
  );
};

function areResources(items: Json | undefined): boolean {
  if (!Array.isArray(items)) return false;
  if (items.length === 0) throw new NotApplicable("The catalogue is empty.");
  return items.every(
    (item) =>
      URL.canParse(String(field(item, "resource"))) &&
      isText(field(item, "type")) &&
      isNumber(field(item, "x402Version")) &&
      areTerms(field(item, "accepts")) &&
      isTime(field(item, "lastUpdated")),
  );
}

function areTerms(accepts: Json | undefined): boolean {
  const terms = listOf(accepts);
  return (
    terms.length > 0 && terms.every((one) => isText(field(one, "scheme")) && isText(field(one, "network")))
  );
}

/** A number in the specification; newer implementations write an ISO 8601 string. */
function isTime(value: Json | undefined): boolean {
  return isNumber(value) || (typeof value === "string" && !Number.isNaN(Date.parse(value)));
}
