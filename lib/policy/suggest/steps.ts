/** Long work in short steps: between two of them whoever runs it may let others have their turn, or leave off. Pure all the same. */
export type Steps<T> = Generator<void, T, void>;
