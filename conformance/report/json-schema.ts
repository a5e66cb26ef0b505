import { z } from "zod";
import { reportSchema } from "./schema.ts";

/** The JSON Schema of the JSON report, as it is published in docs/report.schema.json. */
export function reportJsonSchema() {
  return {
    title: "Report of a conformance run of x402-assay, schema version 1",
    description:
      "Written by `x402-assay conformance … --report json=FILE`. Within a schema version fields may be added, and none is removed or changes its meaning. Amounts are atomic units.",
    // Readers may meet fields that a later release adds.
    ...z.toJSONSchema(reportSchema, { io: "input", target: "draft-2020-12" }),
  };
}
