import type { ClientSubjectSetup, ClientUnderTest } from "../../engine/client/index.ts";
import { launchedClient } from "./launcher.ts";
import { importFetchMaker, moduleClient } from "./module.ts";
import { pullClient } from "./pull.ts";

/**
 * Reaches the client that a setup describes, in the thread in which the cases run.
 *
 * @throws Problem `config`
 */
export async function openClient(subject: ClientSubjectSetup): Promise<ClientUnderTest> {
  switch (subject.kind) {
    case "command":
      return launchedClient(subject.launcherUrl);
    case "module":
      return moduleClient(await importFetchMaker(subject.file));
    case "pull":
      return pullClient(subject.indexUrl);
    case "here":
      return subject.client;
  }
}
