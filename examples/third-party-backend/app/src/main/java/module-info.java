/** A program that knows backends by their names only. */
module com.example.comm.app {
  requires comm.api;
}
