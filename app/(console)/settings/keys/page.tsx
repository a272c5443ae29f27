import { Download } from "lucide-react";
import type { Metadata } from "next";
import { Crumb } from "@/components/shell/shell-context";
import { buttonStyles } from "@/components/ui/button";
import { Card, Facts } from "@/components/ui/card";
import { CodeBlock } from "@/components/ui/code-block";
import { CopyId } from "@/components/ui/copy-button";
import { PageHeader } from "@/components/ui/page-header";
import { requirePermission } from "@/lib/auth/require";
import { deploymentSigner } from "@/lib/chain/process-chain";

export const metadata: Metadata = { title: "Keys" };

export default async function KeysPage() {
  await requirePermission("records:verify");
  const { keyId, publicKey } = deploymentSigner();
  const file = `sallyport-record-${keyId}.pem`;
  return (
    <div className="flex flex-col gap-4">
      <Crumb text="Keys" />
      <PageHeader
        title="Keys"
        description="Audit events, statements and recordings are signed as they are written. With the public key anybody can prove that nothing was altered."
        actions={
          <a href="/api/record/key" download className={buttonStyles({})}>
            <Download aria-hidden />
            Download PEM
          </a>
        }
      />
      <div className="grid items-start gap-4 lg:grid-cols-2">
        <Card title="Public key of the record">
          <div className="flex flex-col gap-4">
            <Facts
              items={[
                { key: "id", name: "Fingerprint", value: <CopyId value={keyId} /> },
                { key: "algorithm", name: "Algorithm", value: "Ed25519" },
                { key: "from", name: "Made from", value: "SALLYPORT_MASTER_KEY, in every process alike" },
              ]}
            />
            <CodeBlock label="Public key" code={publicKey.trimEnd()} />
          </div>
        </Card>
        <Card title="Prove it yourself">
          <div className="flex flex-col gap-3 text-sm">
            <p>
              Keep the key where nobody who can change the store can change it. Whoever verifies needs this file and an
              account that may read the store, not the master key.
            </p>
            <CodeBlock label="Verify" wrap code={`sallyport verify --key ${file} --save-head heads.json`} />
            <p>
              The file of heads says where every chain ended. Given to a later verification, it also finds out whether
              the whole store was put back to an earlier copy.
            </p>
            <CodeBlock label="Verify again" wrap code={`sallyport verify --key ${file} --head heads.json`} />
          </div>
        </Card>
      </div>
    </div>
  );
}
