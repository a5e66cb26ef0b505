import { NotApplicable } from "../../engine/index.ts";
import type { ApiRequest, Trader } from "../../engine/seller/index.ts";

/** The paid target with methods that do not answer it for nothing. */
export async function guardedMethods(t: Trader): Promise<ApiRequest[]> {
  const guarded: ApiRequest[] = [];
  for (const method of ["GET", "POST", "PUT"].filter((other) => other !== t.paid.method)) {
    const { answer } = await t.ask({ ...t.paid, method }).done();
    if (answer.status >= 400) guarded.push({ ...t.paid, method });
  }
  if (guarded.length > 0) return guarded;
  throw new NotApplicable(
    "The seller refuses no other method; whether that gives the goods away, seller.access.other-methods-open-nothing judges.",
  );
}
