/** The mark: a small gate in a wall. */
export function BrandMark({ className }: { readonly className?: string }) {
  return (
    <svg viewBox="0 0 24 24" aria-hidden="true" className={className}>
      <rect x="1" y="1" width="22" height="22" rx="6" className="fill-accent" />
      <path d="M7 18v-6a5 5 0 0 1 10 0v6" fill="none" stroke="#fff" strokeWidth="2" strokeLinecap="round" />
      <path d="M12 12v6M7 18h10" fill="none" stroke="#fff" strokeWidth="2" strokeLinecap="round" />
    </svg>
  );
}

export function Brand() {
  return (
    <span className="flex items-center gap-2 font-semibold text-base">
      <BrandMark className="size-5" />
      Sallyport
    </span>
  );
}
