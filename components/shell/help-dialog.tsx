"use client";

import { Dialog } from "@/components/ui/dialog";
import { InlineField } from "@/components/ui/field";
import { Kbd } from "@/components/ui/kbd";
import { SHORTCUTS, useShortcutsSwitch } from "@/components/ui/shortcuts";
import { Switch } from "@/components/ui/switch";

const GROUPS = [...new Set(Object.values(SHORTCUTS).map((shortcut) => shortcut.group))];

/** All keys, and the switch that turns the single ones off. */
export function HelpDialog({
  open,
  onOpenChange,
}: {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
}) {
  const [state, setState] = useShortcutsSwitch();
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Keys">
      <div className="flex flex-col gap-4 pb-3">
        <InlineField label="Single-key shortcuts" description="Ctrl/⌘ K always works.">
          <Switch checked={state === "on"} onCheckedChange={(on) => setState(on ? "on" : "off")} />
        </InlineField>
        {GROUPS.map((group) => (
          <section key={group}>
            <h3 className="pb-1 font-medium text-faint text-xs">{group}</h3>
            <ul>
              {Object.values(SHORTCUTS)
                .filter((shortcut) => shortcut.group === group)
                .map((shortcut) => (
                  <li key={shortcut.keys} className="flex min-h-7 items-center justify-between gap-4">
                    <span>{shortcut.label}</span>
                    <Kbd keys={shortcut.keys} />
                  </li>
                ))}
            </ul>
          </section>
        ))}
      </div>
    </Dialog>
  );
}
