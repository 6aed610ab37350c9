/** A backend over memory-mapped files, without native code. */
module com.example.comm.mapped {
  requires comm.api;

  provides comm.api.spi.CommBackend with
      com.example.comm.mapped.MappedBackend;
}
