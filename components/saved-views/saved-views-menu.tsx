"use client";

import { Bookmark, ListFilter, Pencil, Share2 } from "lucide-react";
import { usePathname, useRouter, useSearchParams } from "next/navigation";
import { useState } from "react";
import { Button } from "@/components/ui/button";
import { Menu, MenuGroup, MenuItem, MenuLink, MenuSeparator } from "@/components/ui/menu";
import type { SavedViewPage } from "@/lib/saved-views/input";
import type { SavedView } from "@/lib/saved-views/list";
import { ManageViews } from "./manage-views";
import { SaveViewDialog } from "./save-view-dialog";

/** Filters that were kept under a name: go to one, keep the present ones, rename and remove. */
export function SavedViewsMenu({
  page,
  views,
  mayShare,
}: {
  readonly page: SavedViewPage;
  readonly views: readonly SavedView[];
  readonly mayShare: boolean;
}) {
  const [open, setOpen] = useState<"save" | "manage" | null>(null);
  const pathname = usePathname();
  const router = useRouter();
  const params = new URLSearchParams(useSearchParams());
  params.delete("cursor");
  params.delete("event");
  const query = params.toString();
  const own = views.filter((view) => view.own);
  const others = views.filter((view) => !view.own);
  const close = (changed: boolean) => {
    setOpen(null);
    if (changed) router.refresh();
  };
  return (
    <>
      <Menu
        trigger={
          <Button>
            <Bookmark aria-hidden />
            Views
          </Button>
        }
        className="max-w-72"
      >
        {own.length > 0 ? (
          <MenuGroup label="Yours">
            {own.map((view) => (
              <MenuLink key={view.id} href={`${pathname}?${view.query}`}>
                {view.shared ? <Share2 aria-label="shared" /> : <ListFilter aria-hidden />}
                <span className="truncate">{view.name}</span>
              </MenuLink>
            ))}
          </MenuGroup>
        ) : null}
        {others.length > 0 ? (
          <MenuGroup label="Shared">
            {others.map((view) => (
              <MenuLink key={view.id} href={`${pathname}?${view.query}`}>
                <Share2 aria-hidden />
                <span className="truncate">
                  {view.name} <span className="text-faint">by {view.owner ?? "somebody who left"}</span>
                </span>
              </MenuLink>
            ))}
          </MenuGroup>
        ) : null}
        {views.length > 0 ? <MenuSeparator /> : null}
        <MenuItem onSelect={() => setOpen("save")} disabled={query === ""}>
          <Bookmark aria-hidden />
          {query === "" ? "No filters to save" : "Save these filters"}
        </MenuItem>
        {own.length > 0 ? (
          <MenuItem onSelect={() => setOpen("manage")}>
            <Pencil aria-hidden />
            Rename, share or remove
          </MenuItem>
        ) : null}
      </Menu>
      <SaveViewDialog page={page} query={query} mayShare={mayShare} open={open === "save"} onClose={close} />
      <ManageViews views={own} mayShare={mayShare} open={open === "manage"} onClose={close} />
    </>
  );
}
