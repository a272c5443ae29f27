import { documentToYaml } from "@/lib/policy/export";
import { exportConfiguration } from "@/lib/policy/export-configuration";
import { configurationJsonSchema } from "@/lib/policy/file-schema";
import { defineCommand } from "../command";
import { withStore } from "../with-store";

export const exportFile = defineCommand({
  name: "export",
  summary: "print connections, masks and policies as a file that apply takes",
  help: `Usage: sallyport export [--json] [--schema]

Prints the whole configuration as YAML, without any password: each stands as { env: SALLYPORT_<CONNECTION>_PASSWORD }.
Applied again with that variable unset, the stored password stays.

      --json     print JSON instead of YAML
      --schema   print the JSON Schema of the configuration file instead, for editors

Example:
  sallyport export > sallyport.yaml`,
  options: { schema: { type: "boolean" } },
  run: async ({ schema = false }) => {
    if (schema) {
      const json = configurationJsonSchema();
      return { text: JSON.stringify(json, null, 2), json };
    }
    const document = await withStore("export", exportConfiguration);
    return { text: documentToYaml(document).trimEnd(), json: document };
  },
});
