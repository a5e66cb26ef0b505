/* Compiled by the test: every door has types, and none of them is `any`. */
import * as assay from "x402-assay";
import * as client from "x402-assay/client";
import * as config from "x402-assay/config";
import * as conformance from "x402-assay/conformance";
import * as facilitator from "x402-assay/facilitator";
import * as sandbox from "x402-assay/sandbox";
import * as seller from "x402-assay/seller";
import * as vitest from "x402-assay/vitest";

type IsAny<T> = 0 extends 1 & T ? true : false;

/** Fails to compile where a type is lost. */
function typed<T>(_door: IsAny<T> extends true ? never : T): void {}

typed(assay.judgeSeller);
typed(client.payingFetch);
typed(config.defineConfig);
typed(conformance.judgeClient);
typed(facilitator.startFacilitator);
typed(sandbox.startSandbox);
typed(seller.x402Seller);
typed(vitest.conformance.seller);

// @ts-expect-error an amount is a bigint
client.payingFetch({ signer: "0x00", maxAmount: "10000" });

const { description } = await sandbox.startSandbox();
const url: string = description.sellerUrl;
console.log(url);
