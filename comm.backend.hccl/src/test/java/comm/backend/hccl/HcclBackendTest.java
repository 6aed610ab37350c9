package comm.backend.hccl;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
  void is_usable_where_both_libraries_are_without_loading_them() throws IOException {
    Files.createDirectories(home.resolve("lib64"));
    Files.createFile(home.resolve("lib64/libascendcl.so"));
    Files.createFile(home.resolve("lib64/libhccl.so"));
    HcclBackend backend = new HcclBackend(Map.of("ASCEND_HOME_PATH", home.toString()));

    Availability.Available yes =
        assertInstanceOf(Availability.Available.class, backend.availability());

    assertEquals(
        "CANN's libascendcl.so and libhccl.so in " + home.resolve("lib64"), yes.description());
  }

  @Test
  void describes_a_machine_whose_libraries_are_no_libraries_without_failing() throws IOException {
    Files.createDirectories(home.resolve("lib64"));
    Files.createFile(home.resolve("lib64/libascendcl.so"));

    Map<String, String> facts =
        new HcclBackend(Map.of("ASCEND_HOME_PATH", home.toString())).describe();

    assertEquals("not found", facts.get("hcclLibraries"));
    assertTrue(facts.getOrDefault("device", "").startsWith("aclInit: "), facts::toString);
  }
}
