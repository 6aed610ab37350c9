package comm.tests;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The licence travels with what is published, also where a module has resources of its own kind.
 */
class LegalFilesTest {

  @ParameterizedTest
  @ValueSource(strings = {"LICENSE", "NOTICE"})
  void every_published_module_has_the_files_of_the_project(String name) {
    String text = Project.text(Project.root().resolve(name));
    int modules = 0;
    for (Path folder : Project.folders()) {
      boolean published = !Project.text(folder.resolve("pom.xml")).contains("maven.deploy.skip");
      if (published && Files.isDirectory(folder.resolve("src/main/java"))) {
        assertEquals(
            text,
            Project.text(folder.resolve("target/classes/META-INF").resolve(name)),
            folder::toString);
        modules++;
      }
    }
    assertEquals(7, modules);
  }
}
