import packageJson from "../../package.json" with { type: "json" };

/** What makes the reports. */
export const tool = { name: packageJson.name, version: packageJson.version } as const;
