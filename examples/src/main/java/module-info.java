import org.jspecify.annotations.NullMarked;

/**
 * Small programs for a first look. Each is one file, runs on any number of ranks, prints what it
 * proves and ends with a nonzero exit code if it doesn't hold. Begin with {@code AllReduce}.
 *
 * <p>The module requires the API alone: the backend is found at run time.
 */
@NullMarked
module comm.examples {
  requires comm.api;
  requires static org.jspecify;
}
