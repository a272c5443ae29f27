"use client";

import { Activity } from "lucide-react";
import { useRouter } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Sheet } from "@/components/ui/sheet";
import { TestSteps, verdict } from "./test-steps";
import { useConnectionTest } from "./use-connection-test";

/** Tests a stored connection with its stored password. */
export function TestButton({ id, name }: { readonly id: string; readonly name: string }) {
  const router = useRouter();
  const [open, setOpen] = useState(false);
  const test = useConnectionTest();

  async function run() {
    await test.start({ connectionId: id });
    router.refresh();
  }

  return (
    <>
      <Button
        onClick={() => {
          setOpen(true);
          void run();
        }}
      >
        <Activity aria-hidden />
        Test
      </Button>
      <Sheet
        open={open}
        onOpenChange={(next) => {
          setOpen(next);
          if (!next) test.reset();
        }}
        title={`Test of ${name}`}
        description="From the console's machine, with the stored password."
        footer={
          <Button onClick={() => void run()} pending={test.state.running}>
            Test again
          </Button>
        }
      >
        <TestSteps state={test.state} />
        <p className="font-medium text-sm">{verdict(test.state)}</p>
      </Sheet>
    </>
  );
}
