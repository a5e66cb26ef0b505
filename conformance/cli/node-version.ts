/** As `engines` in package.json says. */
const oldest = { major: 22, minor: 22 };

/** What to do where this Node is too old; `undefined` where it is not. @param version such as "20.20.2" */
export function complaintAboutNode(version: string): string | undefined {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  if (major > oldest.major || (major === oldest.major && minor >= oldest.minor)) return undefined;
  return [
    `error: x402-assay needs Node ${oldest.major}.${oldest.minor} or newer, and this is Node ${version}.`,
    "Install a newer one (https://nodejs.org/en/download), and install x402-assay again with it: npm left out the",
    "native packages that do not fit this one.",
  ].join("\n");
}
