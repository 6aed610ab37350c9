package com.example.comm.mapped;

import comm.api.spi.Availability;
import comm.api.spi.BackendFailure;
import comm.api.spi.BackendSession;
import comm.api.spi.CommBackend;
import comm.api.spi.SessionRequest;
import java.nio.file.FileSystems;
import java.util.Map;

/** Ranks that meet in a file beside the root info path and share their windows by mapping files. */
public final class MappedBackend implements CommBackend {

  @Override
  public String name() {
    return "mapped";
  }

  @Override
  public Availability availability() {
    if (FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      return new Availability.Available("memory-mapped files beside the root info file");
    }
    return new Availability.Unavailable(
        "the file system has no POSIX permissions", "use a backend for this system");
  }

  @Override
  public Map<String, String> describe() {
    return Map.of("windows", "mapped files in the directory of the root info file, unlinked");
  }

  @Override
  public BackendSession open(SessionRequest request) throws BackendFailure {
    return new Joining(request).join();
  }
}
