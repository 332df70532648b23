"""TAS referring segmentation for ROS 2: a sentence and a camera frame in, the one instance's mask and box out."""

from pkgutil import extend_path

# The generated `tas_ros.msg`, `.srv` and `.action` live in the installed package; extending the path lets a source
# checkout that comes first on sys.path find them too.
__path__ = extend_path(__path__, __name__)

__version__ = "0.1.0"
