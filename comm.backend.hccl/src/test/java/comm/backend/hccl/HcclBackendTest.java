package comm.backend.hccl;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import comm.api.spi.Availability;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HcclBackendTest {

  @TempDir private Path home;

  private Availability.Unavailable unavailable() {
    HcclBackend backend = new HcclBackend(Map.of("ASCEND_HOME_PATH", home.toString()));
    return assertInstanceOf(Availability.Unavailable.class, backend.availability());
  }

  @Test
  void says_where_it_looked_for_acl_when_there_is_no_toolkit() {
    Availability.Unavailable no = unavailable();

    assertTrue(no.reason().startsWith("neither libascendcl.so nor libacl_rt.so found in "));
    assertTrue(no.reason().contains(home.resolve("lib64").toString()), no.reason());
    assertTrue(no.advice().contains("set_env.sh"), no.advice());
  }

  @Test
  void names_the_ops_package_when_only_the_toolkit_is_there() throws IOException {
    Files.createDirectories(home.resolve("lib64"));
    Files.createFile(home.resolve("lib64/libacl_rt.so"));

    Availability.Unavailable no = unavailable();

    assertTrue(no.reason().startsWith("neither libhccl.so nor libhcomm.so found in "));
    assertTrue(no.advice().contains("ops package"), no.advice());
  }

  @Test
  void is_never_usable_in_this_version() throws IOException {
    Files.createDirectories(home.resolve("lib64"));
    Files.createFile(home.resolve("lib64/libascendcl.so"));
    Files.createFile(home.resolve("lib64/libhccl.so"));

    assertTrue(unavailable().reason().contains("can't drive them yet"));
  }
}
